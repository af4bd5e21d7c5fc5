"""Fields that say beside themselves what they need: graphql-core resolves them by a loader, a plan by a join."""

from collections.abc import Callable, Sized
from typing import Any, TypeVar

import strawberry
from strawberry import Parent

from app.api.context import Info
from app.plans.declared import PLAN, Batch, Joined, Listed, Reckoned

L = TypeVar("L", bound=Sized)


def joined(relation: str, by: str | tuple[str, ...], batch: Batch, type_: Any, description: str) -> Any:
    """The one record that this one refers to by an attribute, or by several together; null where that is.

    `relation` is its name in storage, `batch` says which of the batches, and so which loader, reads it.
    """
    declared = Joined(relation, (by,) if isinstance(by, str) else by, batch)

    async def resolve(parent: Parent[Any], info: Info) -> Any:
        key = declared.key(parent)
        return None if key is None else await batch(info.context.loaders).load(key)

    return strawberry.field(
        resolver=resolve, graphql_type=type_, metadata={PLAN: declared}, description=description
    )


def listed(
    relation: str,
    batch: Batch,
    type_: Any,
    description: str,
    *,
    size: int,
    columns: tuple[str, ...] = (),
    arranged: Callable[..., Any] | None = None,
) -> Any:
    """The records that hang on this one; it is taken to have so many. Where the database cannot put them in order,
    they are `arranged` by the columns that are named.
    """

    async def resolve(parent: Parent[Any], info: Info) -> Any:
        return counted(info, await batch(info.context.loaders).load(parent.id))

    metadata = {PLAN: Listed(relation, batch, size, columns, arranged)}
    return strawberry.field(resolver=resolve, graphql_type=type_, metadata=metadata, description=description)


def counted(info: Info, found: L) -> L:
    """A list that has no page, as it was found; `TooLong` where more is read with it than an operation may cost."""
    info.context.allowance.charge(map(id, info._raw_info.field_nodes), len(found))
    return found


def reckoned(relation: str, batch: Batch, description: str) -> Any:
    """A number reckoned from what hangs on the record now: null inside an event, where it would be old at once."""

    async def resolve(parent: Parent[Any], info: Info) -> int | None:
        if info.context.is_of_fact:
            return None
        found: int = await batch(info.context.loaders).load(parent.id)
        return found

    metadata = {PLAN: Reckoned(relation, batch, lasting=False)}
    return strawberry.field(resolver=resolve, metadata=metadata, description=description)
