"""DataLoaders for graphql-core's resolvers: what the fields of one level need is read in one statement."""

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
    """A DataLoader whose reads are not cancelled if one of several waiting fields is cancelled.

    graphql-core cancels the other fields when one fails, and asyncio cancels the future that a cancelled task waits
    for.
    """

    def load(self, key: K) -> Awaitable[T]:
        """The object with this key."""
        loading = asyncio.ensure_future(super().load(key))
        # If all waiting fields were cancelled, nobody else retrieves its exception, and asyncio would log it.
        loading.add_done_callback(lambda done: done.cancelled() or done.exception())
        return asyncio.shield(loading)


class Loaders:
    """The loaders of one operation. Relations to the same kind of record by the same columns share one loader.

    Loaders cache what they read until the operation ends. Lists are read only as far as the allowance permits.
    """

    def __init__(self, records: Records, allowance: Allowance) -> None:
        self._records = records
        self._allowance = allowance
        self._loaders: dict[Hashable, Loader[Any, Any]] = {}

    def related(self, relation: Relation) -> Loader[Key, list[Any]]:
        """A loader of related records by key (`Relation.key`); None for a guarded list that the caller may not see.
        Raises `TooLong` if all lists together are.
        """

        async def read(keys: list[Key]) -> list[list[Any] | BaseException | None]:
            related = await self._records.related(relation, keys, self._allowance.most)
            return [related[key] for key in keys]

        return self._loader((relation.kind, relation.to), read)

    def value(self, kind: str, name: str) -> Loader[str, Any]:
        """A loader of a value that is computed from related records, by the id of a record of this kind."""

        async def read(ids: list[str]) -> list[Any]:
            values = await self._records.values(kind, name, ids)
            return [values[id_] for id_ in ids]

        return self._loader((kind, name), read)

    def _loader(self, key: Hashable, read: Callable[[list[Any]], Awaitable[list[Any]]]) -> Loader[Any, Any]:
        if (loader := self._loaders.get(key)) is None:
            loader = self._loaders[key] = Loader(load_fn=read)
        return loader
