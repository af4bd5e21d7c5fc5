"""Loaders: what the fields of one level ask for is read in one statement."""

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
from app.service.reading import Reading
from app.storage import lookups

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Loaders:
    """The loaders of one reading; they remember what it read, and are thrown away with it."""

    def __init__(self, reading: Reading) -> None:
        snapshot, scope = reading.snapshot, reading.scope
        self.eenheid: DataLoader[str, OrganisatorischeEenheid] = _one(lambda ids: lookups.eenheden(snapshot, ids))
        self.medewerker: DataLoader[str, Medewerker] = _one(lambda ids: lookups.medewerkers(snapshot, ids))
        self.klantcontact: DataLoader[str, Klantcontact] = _one(lambda ids: lookups.klantcontacten(snapshot, ids))
        self.taak: DataLoader[str, InterneTaak] = _one(lambda ids: lookups.taken(snapshot, ids))
        self.postvak: DataLoader[str, Postvak] = _one(lambda ids: lookups.postvakken(snapshot, eenheid_ids=ids))
        self.feit: DataLoader[tuple[str, int], Gebeurtenis] = _one(
            lambda keys: lookups.gebeurtenissen_by_versie(snapshot, keys)
        )
        self.medewerkers_of_eenheid: DataLoader[str, list[Medewerker]] = _many(
            lambda ids: lookups.medewerkers_by_eenheid(snapshot, ids)
        )
        self.taken_of_klantcontact: DataLoader[str, list[InterneTaak]] = _many(
            lambda ids: lookups.taken_by_klantcontact(snapshot, ids, scope)
        )
        self.logboek: DataLoader[str, list[Gebeurtenis]] = _many(lambda ids: lookups.logboeken(snapshot, ids))


def _one(read: Callable[[list[K]], Awaitable[dict[K, T]]]) -> DataLoader[K, T]:
    """Each key has exactly one object: the tables see to it."""

    async def load(keys: list[K]) -> list[T | BaseException]:
        found = await read(keys)
        return [found[key] for key in keys]

    return DataLoader(load_fn=load)


def _many(read: Callable[[list[K]], Awaitable[dict[K, list[T]]]]) -> DataLoader[K, list[T]]:
    """Each key has a list, perhaps an empty one."""

    async def load(keys: list[K]) -> list[list[T] | BaseException]:
        found = await read(keys)
        return [found.get(key, []) for key in keys]

    return DataLoader(load_fn=load)
