"""Fields that say beside themselves what they need: graphql-core resolves them by a loader, a plan by a join."""

from collections.abc import Sized
from typing import Any, TypeVar

import strawberry
from strawberry import Parent

from app.domain.relations import Relation
from app.graphql.context import Info
from app.plans.declared import PLAN, BelongsTo, Computed, HasMany

L = TypeVar("L", bound=Sized)


def belongs_to(relation: Relation, type_: Any, description: str) -> Any:
    """The one record that this one refers to; null where it refers to none."""

    async def resolve(parent: Parent[Any], info: Info) -> Any:
        key = relation.key(parent)
        if key is None:
            return None
        [found] = await info.context.loaders.related(relation).load(key)
        return found

    metadata = {PLAN: BelongsTo(relation.name)}
    return strawberry.field(resolver=resolve, graphql_type=type_, metadata=metadata, description=description)


def has_many(relation: Relation, type_: Any, description: str, *, size: int) -> Any:
    """The records that hang on this one; it is taken to have so many."""

    async def resolve(parent: Parent[Any], info: Info) -> Any:
        key = relation.key(parent)
        assert key is not None  # noqa: S101 - lists hang on ids
        return counted(info, await info.context.loaders.related(relation).load(key))

    metadata = {PLAN: HasMany(relation.name, size, relation.columns, relation.arranged)}
    return strawberry.field(resolver=resolve, graphql_type=type_, metadata=metadata, description=description)


def counted(info: Info, found: L) -> L:
    """A list that has no page, as it was found; `TooLong` where more is read with it than an operation may cost."""
    info.context.allowance.charge(map(id, info._raw_info.field_nodes), len(found))
    return found


def computed(name: str, description: str) -> Any:
    """A number reckoned from what hangs on the record now: null inside an event, where it would be old at once."""

    async def resolve(parent: Parent[Any], info: Info) -> int | None:
        if info.context.is_of_fact:
            return None
        found: int = await info.context.loaders.value(type(parent).__name__, name).load(parent.id)
        return found

    metadata = {PLAN: Computed(name, lasting=False)}
    return strawberry.field(resolver=resolve, metadata=metadata, description=description)
