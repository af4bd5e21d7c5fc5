"""Compiles selections of records: the shape of their rows, and how these are written."""

from collections.abc import Mapping, Sequence

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetails

from app.plans.code import CodeGenerator, Write
from app.plans.declared import BelongsTo, Column, Computed, HasMany, HasPage, MakePageRequest, PageField, Part
from app.plans.outputs import (
    Connection,
    Constant,
    Cursor,
    Edges,
    Items,
    Leaf,
    Output,
    PageFact,
    PageInfoOutput,
    Record,
    Total,
)
from app.plans.selecting import Declarations, Selecting, Uncompilable, is_typename, named, object_type
from app.plans.shapes import Draft, ListingKind, Slot
from app.plans.steps import Arguments, PageSelection, Selected

_KEY = "id"
_MOST_JOINS = 40
_MOST_VALUES = 90
"""Limits on one statement: SQLite joins at most 64 tables, and PostgreSQL creates a JSON array of at most 100
values.
"""

Details = Sequence[FieldDetails]


class RecordCompiler:
    """Compiles the records of one root field."""

    def __init__(self, selecting: Selecting, declarations: Declarations, *, is_event: bool) -> None:
        self._selecting = selecting
        self._declarations = declarations
        self._is_event = is_event
        self._pages: list[PageSelection] = []

    def selected(
        self,
        type_: GraphQLObjectType,
        details: Details,
        columns: Sequence[str] = (),
        *,
        is_noted: bool = True,
    ) -> Selected:
        """Compile records of a type; their rows always have the named columns. Without `is_noted` the records
        themselves are not logged as read, because they were logged already or are not read; the records that they
        refer to are.
        """
        row = self._draft(type_)
        for name in columns:
            row.column(name)
        item = self._record(type_, details, row)
        if not row.lay_out():
            # No value is selected, but a row needs at least one column.
            row.column(_KEY)
            row.lay_out()
        return self._finished(row, CodeGenerator(self._declarations.noted).of_items(row, item, is_noted=is_noted))

    def selected_page(self, declared: PageField, field: GraphQLField, details: Details) -> tuple[Selected, bool]:
        """Compile a page of records. Also returns whether the total number is selected."""
        connection = self._connection(field, details, declared.ask)
        connection.row.lay_out()
        counts = any(isinstance(output, Total) for _, output in connection.fields)
        return self._finished(
            connection.row, CodeGenerator(self._declarations.noted).of_connection(connection)
        ), counts

    def _finished(self, row: Draft, write: Write) -> Selected:
        shape = row.shape()
        if shape.joins > _MOST_JOINS or shape.widest > _MOST_VALUES:
            raise Uncompilable("too_wide")
        return Selected(shape, tuple(self._pages), write)

    def _draft(self, type_: GraphQLObjectType) -> Draft:
        kind = self._declarations.kind(type_)
        if kind is None:
            raise Uncompilable("undeclared")
        return self._noted(Draft(kind))

    def _noted(self, draft: Draft) -> Draft:
        """The draft, with the column of the id to log, whatever is selected."""
        if draft.kind in self._declarations.noted:
            draft.column(self._declarations.noted[draft.kind][0])
        return draft

    def _record(
        self, type_: GraphQLObjectType, details: Details, draft: Draft, present: Sequence[Slot] = ()
    ) -> Record:
        selection = self._selecting.below(details, type_)
        return Record([(key, self._output(type_, below, draft)) for key, below in selection.items()], present)

    def _output(self, type_: GraphQLObjectType, details: Details, draft: Draft) -> Output:
        if is_typename(details):
            return Constant(type_.name)
        field = named(type_, details)
        declared = None if field is None else self._declarations.of(field)
        if field is None or declared is None:
            raise Uncompilable("undeclared")
        match declared:
            case Column(name=name):
                return self._leaf(field, draft.column(name))
            case Computed(lasting=False) | HasMany(guarded=True) if self._is_event:
                return Constant(None)
            case Part(columns=columns):
                return self._part(columns, field, details, draft)
            case Computed(relation=relation):
                return self._leaf(field, draft.listing(ListingKind.VALUE, relation))
            case BelongsTo(relation=relation):
                return self._joined(relation, field, details, draft)
            case HasMany():
                return self._items(declared, field, details, draft)
            case HasPage():
                return self._page(declared, field, details, draft)
        raise Uncompilable("undeclared")

    def _leaf(self, field: GraphQLField, place: Slot) -> Leaf:
        """A value that is written unchanged, except for a Boolean."""
        if is_list_type(get_nullable_type(field.type)):
            raise Uncompilable("undeclared")
        type_ = get_named_type(field.type)
        if isinstance(type_, GraphQLEnumType):
            if any(name != value.value for name, value in type_.values.items()):
                raise Uncompilable("scalar")
        elif not self._declarations.is_plain(type_.name):
            raise Uncompilable("scalar")
        return Leaf(place, is_flag=type_.name == "Boolean")

    def _joined(self, relation: str, field: GraphQLField, details: Details, draft: Draft) -> Record:
        type_ = object_type(field.type)
        joined = self._noted(draft.join(relation, self._draft(type_).kind))
        present = () if is_non_null_type(field.type) else (joined.column(_KEY),)
        return self._record(type_, details, joined, present)

    def _part(self, columns: Mapping[str, str], field: GraphQLField, details: Details, draft: Draft) -> Record:
        type_ = object_type(field.type)
        fields: list[tuple[str, Output]] = []
        for key, below in self._selecting.below(details, type_).items():
            if is_typename(below):
                fields.append((key, Constant(type_.name)))
            else:
                name = below[0].node.name.value
                fields.append((key, self._leaf(type_.fields[name], draft.column(columns[name]))))
        return Record(fields, tuple(map(draft.column, columns.values())))

    def _items(self, declared: HasMany, field: GraphQLField, details: Details, draft: Draft) -> Items:
        type_ = object_type(field.type)
        row = self._draft(type_)
        item = self._record(type_, details, row)
        by = [row.column(name) for name in declared.columns]
        nodes = tuple(id(detail.node) for detail in details)
        place = draft.listing(ListingKind.LIST, declared.relation, row, size=declared.size, asked=nodes)
        return Items(place, row, item, declared.size, by, declared.sort_key, declared.guarded)

    def _page(self, declared: HasPage, field: GraphQLField, details: Details, draft: Draft) -> Connection:
        parent = draft.column(declared.parent)
        connection = self._connection(field, details, declared.ask)
        place = draft.listing(ListingKind.PAGE, declared.relation, connection.row, page=connection.page)
        counted: Slot | None = None
        if any(isinstance(output, Total) for _, output in connection.fields):
            counted = draft.listing(ListingKind.COUNT, declared.relation, page=connection.page)
        return Connection(connection.fields, connection.row, connection.page, place, parent, counted)

    def _connection(self, field: GraphQLField, details: Details, ask: MakePageRequest) -> Connection:
        """A page. It precedes the pages inside it in the list of requested pages."""
        page = len(self._pages)
        arguments = Arguments(field, details[0].node, self._declarations.arguments)
        self._pages.append(PageSelection(ask, arguments))
        type_ = object_type(field.type)
        node = object_type(object_type(type_.fields["edges"].type).fields["node"].type)
        row = self._draft(node)
        selection = self._selecting.below(details, type_)
        return Connection([(key, self._of_page(type_, below, row)) for key, below in selection.items()], row, page)

    def _of_page(
        self, type_: GraphQLObjectType, details: Details, row: Draft
    ) -> Edges | PageInfoOutput | Total | Constant:
        if is_typename(details):
            return Constant(type_.name)
        name = details[0].node.name.value
        of = object_type(type_.fields[name].type) if name != "totalCount" else type_
        match name:
            case "totalCount":
                return Total()
            case "edges":
                below = self._selecting.below(details, of)
                return Edges([(key, self._of_edge(of, selected, row)) for key, selected in below.items()])
            case "pageInfo":
                below = self._selecting.below(details, of)
                return PageInfoOutput([(key, _page_fact(of, selected)) for key, selected in below.items()])
        raise Uncompilable("undeclared")

    def _of_edge(self, type_: GraphQLObjectType, details: Details, row: Draft) -> Record | Constant | Cursor:
        if is_typename(details):
            return Constant(type_.name)
        match details[0].node.name.value:
            case "cursor":
                return Cursor()
            case "node":
                return self._record(object_type(type_.fields["node"].type), details, row)
        raise Uncompilable("undeclared")


def _page_fact(type_: GraphQLObjectType, details: Details) -> PageFact | Constant:
    return Constant(type_.name) if is_typename(details) else PageFact(details[0].node.name.value)
