"""Compiles the answers of mutations: objects that are in memory already, and the records that they refer to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from graphql import GraphQLObjectType, get_named_type, get_nullable_type, is_leaf_type, is_list_type
from graphql.execution.collect_fields import FieldDetails

from app.plans.declared import AnswerRecord, Column
from app.plans.selecting import Declarations, Selecting, Uncompilable, is_typename, named, object_type
from app.plans.steps import RecordStep

Write = Callable[[Any], Any]
"""From an object to its value in the answer, for orjson, which writes an enum as its value."""


@dataclass(frozen=True, slots=True)
class RecordField:
    """A record in an attribute of an answer. `get` returns it."""

    get: Callable[[Any], Any]
    step: RecordStep


AnswerField = Write | RecordField
MakeRecord = Callable[..., RecordStep]


def answer_fields(
    selecting: Selecting,
    declarations: Declarations,
    type_: GraphQLObjectType,
    details: Sequence[FieldDetails],
    record: MakeRecord,
) -> list[tuple[str, AnswerField]]:
    """How each field of an answer of a type is written, by its response key."""
    fields: list[tuple[str, AnswerField]] = []
    for key, below in selecting.below(details, type_).items():
        field = named(type_, below)
        declared = None if field is None else declarations.of(field)
        if field is not None and isinstance(declared, AnswerRecord):
            fields.append(
                (key, RecordField(attrgetter(declared.attribute), record(field, below, is_noted=declared.is_noted)))
            )
        else:
            fields.append((key, _value(selecting, declarations, type_, below)))
    return fields


def _object(
    selecting: Selecting, declarations: Declarations, type_: GraphQLObjectType, details: Sequence[FieldDetails]
) -> Write:
    writes = [
        (key, _value(selecting, declarations, type_, below))
        for key, below in selecting.below(details, type_).items()
    ]
    return lambda item: {key: write(item) for key, write in writes}


def _value(
    selecting: Selecting, declarations: Declarations, type_: GraphQLObjectType, details: Sequence[FieldDetails]
) -> Write:
    if is_typename(details):
        return lambda _: type_.name
    field = named(type_, details)
    declared = None if field is None else declarations.of(field)
    if field is None or not isinstance(declared, Column):
        raise Uncompilable("undeclared")
    get = attrgetter(declared.name)
    if is_leaf_type(get_named_type(field.type)):
        return get
    write = _object(selecting, declarations, object_type(field.type), details)
    if is_list_type(get_nullable_type(field.type)):
        return lambda parent: [write(item) for item in get(parent)]
    raise Uncompilable("undeclared")
