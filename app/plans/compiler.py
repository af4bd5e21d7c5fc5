"""From a GraphQL document to a plan: compiles each root field according to its declaration."""

from collections.abc import Sequence
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLUnionType,
    OperationType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetails

from app.plans.answers import answer_fields
from app.plans.declared import (
    ChoiceField,
    ContextField,
    EventField,
    MutationField,
    ObjectField,
    PageField,
    ReadField,
)
from app.plans.plan import EventPlan, MutationPlan, Plan, QueryPlan
from app.plans.records import RecordCompiler
from app.plans.selecting import Declarations, Selecting, Selection, Uncompilable, is_typename, named, object_type
from app.plans.steps import (
    Arguments,
    ChoiceStep,
    ConstantStep,
    ContextStep,
    GroupStep,
    PageStep,
    RecordStep,
    RowsStep,
    Step,
)

Details = Sequence[FieldDetails]


def compiled(selecting: Selecting, declarations: Declarations) -> Plan:
    """The plan of an operation. Raises `Uncompilable` with the reason if there is none."""
    return _Compiler(selecting, declarations).plan()


class _Compiler:
    def __init__(self, selecting: Selecting, declarations: Declarations) -> None:
        self._selecting = selecting
        self._declarations = declarations
        self._is_event = selecting.operation.operation is OperationType.SUBSCRIPTION

    def plan(self) -> Plan:
        kind = self._selecting.operation.operation
        root = self._selecting.schema.get_root_type(kind)
        assert root is not None  # noqa: S101 - the document is valid
        selection = self._selecting.root(root)
        if kind is OperationType.QUERY:
            return QueryPlan(self._steps(root, selection))
        return self._single(root, selection)

    def _single(self, root: GraphQLObjectType, selection: Selection) -> Plan:
        """The plan of a mutation or a subscription, which has one root field."""
        if len(selection) != 1:
            raise Uncompilable("several_deeds")
        [(key, details)] = selection.items()
        field = named(root, details)
        declared = None if field is None else self._declarations.of(field)
        if field is not None and isinstance(declared, EventField):
            selected = self._records().selected(object_type(field.type), details)
            return EventPlan(key, RecordStep(selected, self._declarations.row, declared.read))
        if field is not None and isinstance(declared, MutationField):
            return self._deed(declared, key, field, details)
        raise Uncompilable("undeclared")

    def _deed(self, declared: MutationField, key: str, field: GraphQLField, details: Details) -> MutationPlan:
        union = get_named_type(field.type)
        if not isinstance(union, GraphQLUnionType):
            raise Uncompilable("undeclared")
        branches = {
            type_.name: answer_fields(self._selecting, self._declarations, type_, details, self._record)
            for type_ in union.types
        }
        nodes = [detail.node for detail in details]
        arguments = self._arguments(field, details)
        return MutationPlan(key, nodes, declared.run, arguments, branches, self._declarations.type_name)

    def _steps(self, type_: GraphQLObjectType, selection: Selection) -> list[tuple[str, Step]]:
        return [(key, self._step(type_, details)) for key, details in selection.items()]

    def _step(self, type_: GraphQLObjectType, details: Details) -> Step:
        if is_typename(details):
            return ConstantStep(type_.name)
        field = named(type_, details)
        if field is None:
            raise Uncompilable("introspection")
        match self._declarations.of(field):
            case ContextField(read=read) if is_leaf_type(get_named_type(field.type)):
                return ContextStep(read)
            case ObjectField():
                below = object_type(field.type)
                return GroupStep(self._steps(below, self._selecting.below(details, below)))
            case ReadField() as declared:
                return self._rows(declared, object_type(field.type), field, details)
            case PageField() as declared:
                selected, counts = self._records().selected_page(declared, field, details)
                return PageStep(declared.read, declared.count if counts else None, selected)
            case ChoiceField() as declared:
                return self._choice(declared, field, details)
        raise Uncompilable("undeclared")

    def _rows(
        self, declared: ReadField, type_: GraphQLObjectType, field: GraphQLField, details: Details
    ) -> RowsStep:
        return RowsStep(
            declared.read,
            self._arguments(field, details),
            self._records().selected(type_, details, declared.columns),
            is_list=is_list_type(get_nullable_type(field.type)),
            is_nullable=not is_non_null_type(field.type),
            size=declared.size,
            reads=declared.reads,
        )

    def _choice(self, declared: ChoiceField, field: GraphQLField, details: Details) -> ChoiceStep:
        abstract: Any = get_named_type(field.type)
        of_types: dict[str, Step] = {}
        for type_ in self._selecting.schema.get_possible_types(abstract):
            if type_.name not in declared.read:
                raise Uncompilable("undeclared")
            of_types[type_.name] = self._rows(declared.read[type_.name], type_, field, details)
        return ChoiceStep(declared.which, self._arguments(field, details), of_types)

    def _record(self, field: GraphQLField, details: Details, *, is_noted: bool) -> RecordStep:
        """The record in an answer, as it was right after the change; related records are read by its keys."""
        selected = self._records().selected(object_type(field.type), details, is_noted=is_noted)
        if selected.pages:
            # For a record in memory, related records are read by its keys; a page cannot be read that way.
            raise Uncompilable("page_of_answer")
        return RecordStep(selected, self._declarations.row)

    def _records(self) -> RecordCompiler:
        return RecordCompiler(self._selecting, self._declarations, is_event=self._is_event)

    def _arguments(self, field: GraphQLField, details: Details) -> Arguments:
        return Arguments(field, details[0].node, self._declarations.arguments)
