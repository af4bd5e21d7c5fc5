"""Loaders: what the fields of one level ask for is read in one statement."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import TypeVar

from strawberry.dataloader import DataLoader

from app.domain.model import (
    Gebeurtenis,
    InterneTaak,
    Klantcontact,
    Medewerker,
    OrganisatorischeEenheid,
    Postvak,
)
from app.plans.allowance import Allowance
from app.service.batches import Batches

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Loader(DataLoader[K, T]):
    """Loads many keys in one statement; what several wait for is not cancelled with the first who stops waiting.

    graphql-core cancels the fields beside one that was refused, and asyncio the future that a cancelled task
    waits for.
    """

    def load(self, key: K) -> Awaitable[T]:
        """The object of a key."""
        loading = asyncio.ensure_future(super().load(key))
        # Where all who waited are gone nobody is left to take its exception.
        loading.add_done_callback(lambda done: done.cancelled() or done.exception())
        return asyncio.shield(loading)


class Loaders:
    """The loaders of one reading, named as the batches; they remember what it read, and are thrown away with it.
    Of lists no more is read than the allowance allows.
    """

    def __init__(self, batches: Batches, allowance: Allowance) -> None:
        self.eenheden: Loader[str, OrganisatorischeEenheid] = _one(batches.eenheden)
        self.medewerkers: Loader[str, Medewerker] = _one(batches.medewerkers)
        self.klantcontacten: Loader[str, Klantcontact] = _one(batches.klantcontacten)
        self.taken: Loader[str, InterneTaak] = _one(batches.taken)
        self.postvakken: Loader[str, Postvak] = _one(batches.postvakken)
        self.feiten: Loader[tuple[str, int], Gebeurtenis] = _one(batches.feiten)
        self.aantallen_met_postvak_open: Loader[str, int] = _one(batches.aantallen_met_postvak_open)
        self.medewerkers_of_eenheden: Loader[str, list[Medewerker]] = _many(
            batches.medewerkers_of_eenheden, allowance
        )
        self.taken_of_klantcontacten: Loader[str, list[InterneTaak]] = _many(
            batches.taken_of_klantcontacten, allowance
        )
        self.logboeken: Loader[str, list[Gebeurtenis]] = _many(batches.logboeken, allowance)


def _one(read: Callable[[list[K]], Awaitable[dict[K, T]]]) -> Loader[K, T]:
    """Each key has exactly one object: the tables see to it."""

    async def load(keys: list[K]) -> list[T | BaseException]:
        found = await read(keys)
        return [found[key] for key in keys]

    return Loader(load_fn=load)


def _many(read: Callable[[list[K], int], Awaitable[dict[K, list[T]]]], allowance: Allowance) -> Loader[K, list[T]]:
    """Each key has a list, perhaps an empty one; `TooLong` where they are too long together."""

    async def load(keys: list[K]) -> list[list[T] | BaseException]:
        found = await read(keys, allowance.most)
        return [found.get(key, []) for key in keys]

    return Loader(load_fn=load)
