"""Loaders: what the fields of one level ask for is read in one statement."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

from strawberry.dataloader import DataLoader

from app.domain.relations import Relation
from app.plans.allowance import Allowance
from app.service.reading import Key, Records

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
    """The loaders of one reading: one for all relations that find the same records by the same columns. They
    remember what they read, and are thrown away with it. Of lists no more is read than the allowance allows.
    """

    def __init__(self, records: Records, allowance: Allowance) -> None:
        self._records = records
        self._allowance = allowance
        self._made: dict[Hashable, Loader[Any, Any]] = {}

    def related(self, relation: Relation) -> Loader[Key, list[Any]]:
        """What hangs on a record, by its key; `TooLong` where lists are too long together."""

        async def read(keys: list[Key]) -> list[list[Any] | BaseException]:
            found = await self._records.related(relation, keys, self._allowance.most)
            return [found[key] for key in keys]

        return self._loader((relation.kind, relation.to), read)

    def value(self, kind: str, name: str) -> Loader[str, Any]:
        """A value that is reckoned from what hangs on a record of a kind, by its id."""

        async def read(ids: list[str]) -> list[Any]:
            found = await self._records.values(kind, name, ids)
            return [found[id_] for id_ in ids]

        return self._loader((kind, name), read)

    def _loader(self, key: Hashable, read: Callable[[list[Any]], Awaitable[list[Any]]]) -> Loader[Any, Any]:
        if (loader := self._made.get(key)) is None:
            loader = self._made[key] = Loader(load_fn=read)
        return loader
