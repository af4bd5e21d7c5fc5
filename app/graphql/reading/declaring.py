"""Fields that declare the data they need: graphql-core resolves them with a loader, a plan with a join."""

from collections.abc import Mapping, Sized
from typing import Any, TypeVar

import strawberry
from strawberry import Parent

from app.domain.relations import Relation
from app.graphql.context import Info
from app.plans.declared import PLAN, BelongsTo, Computed, HasMany, Part

L = TypeVar("L", bound=Sized)


def belongs_to(relation: Relation, type_: Any, description: str) -> Any:
    """A field with the record that this record refers to; null if it refers to none."""

    async def resolve(parent: Parent[Any], info: Info) -> Any:
        key = relation.key(parent)
        if key is None:
            return None
        [related] = await info.context.loaders.related(relation).load(key)
        return related

    metadata = {PLAN: BelongsTo(relation.name)}
    return strawberry.field(resolver=resolve, graphql_type=type_, metadata=metadata, description=description)


def has_many(relation: Relation, type_: Any, description: str, *, size: int) -> Any:
    """A field with the list of related records; `size` is the expected length, for the cost of an operation."""

    async def resolve(parent: Parent[Any], info: Info) -> Any:
        if relation.guarded and info.context.is_of_fact:
            return None
        key = relation.key(parent)
        assert key is not None  # noqa: S101 - the key of a list is an id, which is never None
        items = await info.context.loaders.related(relation).load(key)
        return None if items is None else counted(info, items)

    metadata = {PLAN: HasMany(relation.name, size, relation.columns, relation.sort_key, relation.guarded)}
    return strawberry.field(resolver=resolve, graphql_type=type_, metadata=metadata, description=description)


def part_of_record(name: str, columns: Mapping[str, str], type_: Any, description: str) -> Any:
    """A field with an object that is made of values of the record itself: its attribute `name`. `columns` are these
    values by their names in the schema.
    """

    async def resolve(parent: Parent[Any]) -> Any:
        return getattr(parent, name)

    return strawberry.field(
        resolver=resolve, graphql_type=type_, metadata={PLAN: Part(columns)}, description=description
    )


def counted(info: Info, items: L) -> L:
    """Charge a list without pages to the operation's allowance and return it; raises `TooLong` beyond it."""
    info.context.allowance.charge(map(id, info._raw_info.field_nodes), len(items))
    return items


def computed(name: str, description: str) -> Any:
    """A field with a number that is computed from related records as they are now.

    It is null inside an event of a subscription, where it would be out of date at once.
    """

    async def resolve(parent: Parent[Any], info: Info) -> int | None:
        if info.context.is_of_fact:
            return None
        value: int = await info.context.loaders.value(type(parent).__name__, name).load(parent.id)
        return value

    metadata = {PLAN: Computed(name, lasting=False)}
    return strawberry.field(resolver=resolve, metadata=metadata, description=description)
