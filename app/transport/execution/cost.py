"""The estimated cost of an operation: how many fields its answer may have, and how many bytes.

A field in a list counts once for each item that the list may have. The length of a list is estimated by the
argument `first` of its field, or of the field around it (as connections have it); without that by the `size` that
the field declares; without that it is `_DEFAULT_SIZE`. In the answer to a mutation, a list counts as at least as
long as the longest list of the same name in its input.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectFieldNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from app.plans.allowance import Allowance
from app.plans.declared import PLAN
from app.transport.execution.trees import nodes

TEXT = "text"
COUNT = "count"
"""Keys in a field's metadata: the most code points of a text, and the most items of a list of texts.
"""

_DEFAULT_SIZE = 10
"""The estimated number of items of a list of objects, if its field says nothing."""
_DEFAULT_TEXT = 1_000
"""The estimated number of code points of a text, if its field says nothing."""
_DEFAULT_COUNT = 50
"""The estimated number of items of a list of scalars, if its field says nothing."""
_SLICING = "first"
_BYTES = {"Int": 11, "Float": 25, "Boolean": 5, "ID": 38, "DateTime": 30}
"""The most bytes of a value in JSON, by scalar type."""
_TYPENAME_BYTES = 60
"""The most bytes of a value of `__typename`."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a selection.

    `fields` is the number of fields in the answer, and `bytes` the size of the answer. `bare` is the number of
    fields if every list without a page were empty, and `nested` is how deeply such lists are nested.
    """

    fields: int = 0
    bytes: int = 0
    bare: int = 0
    nested: int = 0

    def plus(self, other: "Cost") -> "Cost":
        """The cost of both selections together."""
        return Cost(
            self.fields + other.fields,
            self.bytes + other.bytes,
            self.bare + other.bare,
            max(self.nested, other.nested),
        )

    def times(self, count: int) -> "Cost":
        """The cost of a page with `count` items of this cost."""
        return Cost(self.fields * count, self.bytes * count, self.bare * count, self.nested)

    def listed(self, count: int) -> "Cost":
        """The cost of a list without a page, with `count` items of this cost."""
        return Cost(self.fields * count, self.bytes * count, 0, self.nested + 1)


@dataclass(frozen=True, slots=True)
class EstimatedCost:
    """The cost of an operation. `items` has the fields of one item for each list without a page, by the `id()` of
    the list's node in the document.
    """

    cost: Cost
    items: Mapping[int, int]

    def allowance(self, most: int) -> Allowance:
        """How much the lists without a page may return in all, if the operation may cost at most `most` fields."""
        cost = self.cost
        max_factor = int((most / max(cost.fields, 1)) ** (1 / cost.nested)) if cost.nested else 1
        return Allowance(most - cost.bare, self.items, max(max_factor, 1))


def given_lists(document: DocumentNode, variables: Mapping[str, Any]) -> dict[str, int]:
    """The length of the longest list in the input, by the name of the input field that holds it."""
    lengths: dict[str, int] = {}
    for name, length in (*_written_lists(document, variables), *_sent_lists(variables)):
        lengths[name] = max(lengths.get(name, 0), length)
    return lengths


def _written_lists(document: DocumentNode, variables: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The lists in input objects written in the document: their field and length."""
    for node in nodes(document):
        if isinstance(node, ObjectFieldNode):
            if isinstance(node.value, ListValueNode):
                yield node.name.value, len(node.value.values)
            elif isinstance(node.value, VariableNode) and isinstance(
                sent := variables.get(node.value.name.value), list
            ):
                yield node.name.value, len(sent)


def _sent_lists(variables: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The lists in input objects in the variables: their field and length."""
    left: list[Any] = list(variables.values())
    while left:
        value = left.pop()
        if isinstance(value, dict):
            left.extend(value.values())
            yield from ((name, len(item)) for name, item in value.items() if isinstance(item, list))
        elif isinstance(value, list):
            left.extend(value)


def slicing_variables(document: DocumentNode) -> tuple[str, ...]:
    """The names of the variables used for `first`. The cost of an operation depends on their values only."""
    names = (
        node.value.name.value
        for node in nodes(document)
        if isinstance(node, ArgumentNode) and node.name.value == _SLICING and isinstance(node.value, VariableNode)
    )
    return tuple(sorted(set(names)))


def size_of(given: object, page: int) -> int:
    """The estimated length of a list from the value of a variable for `first`.

    A value that is not a Python int counts as a whole page. JSON may write an Int as 200.0; anything else is
    refused later, when the variables are read by their types.
    """
    return given if isinstance(given, int) else page


def cost(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    page: int,
    given: Mapping[str, int],
) -> EstimatedCost:
    """Estimate the cost of an operation of a valid document. `page` is the most items of a page, `given` the
    lengths of the lists in a mutation's input.

    Introspection costs nothing here: graphql-core has a rule that limits it.
    """
    slicing = slicing_variables(document)
    defaults = {
        node.variable.name.value: int(node.default_value.value)
        for node in operation.variable_definitions or ()
        # Only these: the default of another variable may be a number of any length, which `int` would reject.
        if node.variable.name.value in slicing and isinstance(node.default_value, IntValueNode)
    }
    estimate = _Estimate(schema, document, {**defaults, **variables}, page, given)
    root = schema.get_root_type(operation.operation)
    return EstimatedCost(estimate.selected(operation.selection_set, root, None), estimate.items)


class _Estimate:
    """Adds up the cost of selections; that of each fragment only once, because nested fragments could
    multiply.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        variables: Mapping[str, Any],
        page: int,
        given: Mapping[str, int],
    ) -> None:
        self.items: dict[int, int] = {}
        self._schema = schema
        self._page = page
        self._variables = variables
        self._given = given
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._of_fragments: dict[tuple[str, int | None], Cost] = {}

    def selected(self, selected: SelectionSetNode, of: GraphQLNamedType | None, around: int | None) -> Cost:
        """The cost of a selection on a type. `around` is the page size that the field around it sets, if
        any.
        """
        total = Cost()
        for node in selected.selections:
            if isinstance(node, FieldNode):
                total = total.plus(self._field(node, of, around))
            elif isinstance(node, FragmentSpreadNode):
                total = total.plus(self._fragment(node.name.value, around))
            elif isinstance(node, InlineFragmentNode):
                on = self._schema.get_type(node.type_condition.name.value) if node.type_condition else of
                total = total.plus(self.selected(node.selection_set, on, around))
        return total

    def _fragment(self, name: str, around: int | None) -> Cost:
        if (total := self._of_fragments.get((name, around))) is None:
            node = self._fragments[name]
            on = self._schema.get_type(node.type_condition.name.value)
            total = self._of_fragments[name, around] = self.selected(node.selection_set, on, around)
        return total

    def _field(self, node: FieldNode, of: GraphQLNamedType | None, around: int | None) -> Cost:
        name = node.name.value
        field: GraphQLField | None = getattr(of, "fields", {}).get(name)
        # In the answer a key also needs two quotes, a colon and a comma.
        key = len(node.alias.value if node.alias else name) + 4
        if field is None:
            return Cost() if name in ("__schema", "__type") else Cost(1, key + _TYPENAME_BYTES, 1)
        if node.selection_set is None:
            return Cost(1, key + _leaf_bytes(field), 1)
        size = self._size(node, field)
        below = self.selected(node.selection_set, get_named_type(field.type), size)
        item = Cost(1, key + 4, 1).plus(below)
        if not is_list_type(get_nullable_type(field.type)):
            return item
        if (paged := size or around) is not None:
            return item.times(paged)
        self.items[id(node)] = item.bare
        return item.listed(max(_declared(field), self._given.get(name, 0)))

    def _size(self, node: FieldNode, field: GraphQLField) -> int | None:
        """The page size by the field's argument `first`, from 1 to a whole page; None without that
        argument.
        """
        if (argument := field.args.get(_SLICING)) is None:
            return None
        first = next((arg.value for arg in node.arguments or () if arg.name.value == _SLICING), None)
        value = _default(argument)
        if isinstance(first, IntValueNode):
            value = int(first.value)
        elif isinstance(first, VariableNode):
            value = self._variables.get(first.name.value, value)
        return min(max(size_of(value, self._page), 1), self._page)


def _default(argument: GraphQLArgument) -> int:
    return argument.default_value if isinstance(argument.default_value, int) else _DEFAULT_SIZE


def _declared(field: GraphQLField) -> int:
    return getattr(_metadata(field).get(PLAN), "size", 0) or _DEFAULT_SIZE


def _leaf_bytes(field: GraphQLField) -> int:
    """The most bytes of a scalar field's value in the answer. A code point has at most 4 bytes, escaped or not."""
    type_ = get_named_type(field.type)
    if isinstance(type_, GraphQLEnumType):
        size = max(map(len, type_.values)) + 2
    else:
        size = _BYTES.get(type_.name) or 4 * _metadata(field).get(TEXT, _DEFAULT_TEXT) + 2
    return (
        size * _metadata(field).get(COUNT, _DEFAULT_COUNT) if is_list_type(get_nullable_type(field.type)) else size
    )


def _metadata(field: GraphQLField) -> Mapping[str, Any]:
    definition: Any = field.extensions.get("strawberry-definition")
    return {} if definition is None else definition.metadata
