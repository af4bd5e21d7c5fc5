"""What an operation may cost: the fields of its answer, those in a list as often as the list may have items; and
how many bytes that may be.

How long a list may be is told by its field: by the argument `first` of the field itself or of the one around it, as
connections have it; else by the `size` that the field declares; else it is taken to have `_UNTOLD` items. In the
answer to a deed a list is as long as the list of the same name that was sent, where that is longer.
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
"""Under these names the metadata of a field with a text, or a list of texts, has how many code points one has, and
how many there are, at most.
"""

_UNTOLD = 10
_UNTOLD_TEXT = 1_000
_UNTOLD_COUNT = 50
_SLICING = "first"
_BYTES = {"Int": 11, "Float": 25, "Boolean": 5, "ID": 38, "DateTime": 30}
_OF_TYPENAME = 60


@dataclass(frozen=True, slots=True)
class Cost:
    """What a selection costs: its `fields`; the `bytes` that they may be; the fields that it has where every list
    without a page is empty (`bare`); and how deep such lists are `nested` in it.
    """

    fields: int = 0
    bytes: int = 0
    bare: int = 0
    nested: int = 0

    def plus(self, other: "Cost") -> "Cost":
        """Both together."""
        return Cost(
            self.fields + other.fields,
            self.bytes + other.bytes,
            self.bare + other.bare,
            max(self.nested, other.nested),
        )

    def times(self, count: int) -> "Cost":
        """It so often, as in a page."""
        return Cost(self.fields * count, self.bytes * count, self.bare * count, self.nested)

    def listed(self, count: int) -> "Cost":
        """It so often, in a list without a page."""
        return Cost(self.fields * count, self.bytes * count, 0, self.nested + 1)


@dataclass(frozen=True, slots=True)
class EstimatedCost:
    """What an operation costs, and what an item costs of each list without a page, by the `id` of its node."""

    cost: Cost
    items: Mapping[int, int]

    def allowance(self, most: int) -> Allowance:
        """What its lists may bring where it may cost `most`."""
        cost = self.cost
        stretch = int((most / max(cost.fields, 1)) ** (1 / cost.nested)) if cost.nested else 1
        return Allowance(most - cost.bare, self.items, max(stretch, 1))


def given_lists(document: DocumentNode, variables: Mapping[str, Any]) -> dict[str, int]:
    """The lists that are sent, by the names of the fields of inputs that they are in: how long the longest is."""
    found: dict[str, int] = {}
    for name, length in (*_written_lists(document, variables), *_sent_lists(variables)):
        found[name] = max(found.get(name, 0), length)
    return found


def _written_lists(document: DocumentNode, variables: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for node in nodes(document):
        if isinstance(node, ObjectFieldNode):
            if isinstance(node.value, ListValueNode):
                yield node.name.value, len(node.value.values)
            elif isinstance(node.value, VariableNode) and isinstance(
                sent := variables.get(node.value.name.value), list
            ):
                yield node.name.value, len(sent)


def _sent_lists(variables: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    left: list[Any] = list(variables.values())
    while left:
        value = left.pop()
        if isinstance(value, dict):
            left.extend(value.values())
            yield from ((name, len(one)) for name, one in value.items() if isinstance(one, list))
        elif isinstance(value, list):
            left.extend(value)


def slicing_variables(document: DocumentNode) -> tuple[str, ...]:
    """The variables that say how long a list may be: the cost of an operation depends on no others."""
    found = (
        node.value.name.value
        for node in nodes(document)
        if isinstance(node, ArgumentNode) and node.name.value == _SLICING and isinstance(node.value, VariableNode)
    )
    return tuple(sorted(set(found)))


def size_of(given: object, page: int) -> int:
    """How long a list is taken to be by the value of a variable.

    JSON may write an Int as 200.0. Whatever is no Int is refused when it is read, and a whole page until then.
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
    """The cost of an operation of a valid document; a page has so many items at most. `given` are the lists that
    are sent to a deed.

    What asks for the schema itself costs nothing here: graphql-core has a rule for it.
    """
    slicing = slicing_variables(document)
    defaults = {
        node.variable.name.value: int(node.default_value.value)
        for node in operation.variable_definitions or ()
        # Of others the default may be a number that is no Int, and of any length.
        if node.variable.name.value in slicing and isinstance(node.default_value, IntValueNode)
    }
    reckoning = _Estimate(schema, document, {**defaults, **variables}, page, given)
    root = schema.get_root_type(operation.operation)
    return EstimatedCost(reckoning.selected(operation.selection_set, root, None), reckoning.items)


class _Estimate:
    """Adds up, each fragment once: in a document they may multiply."""

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
        self._known: dict[tuple[str, int | None], Cost] = {}

    def selected(self, selected: SelectionSetNode, of: GraphQLNamedType | None, around: int | None) -> Cost:
        """The cost of a selection on a type. `around` is the size that the field around it gives to lists in it."""
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
        if (known := self._known.get((name, around))) is None:
            node = self._fragments[name]
            on = self._schema.get_type(node.type_condition.name.value)
            known = self._known[name, around] = self.selected(node.selection_set, on, around)
        return known

    def _field(self, node: FieldNode, of: GraphQLNamedType | None, around: int | None) -> Cost:
        name = node.name.value
        field: GraphQLField | None = getattr(of, "fields", {}).get(name)
        # In the answer stand around it two quotes, a colon and a comma.
        key = len(node.alias.value if node.alias else name) + 4
        if field is None:
            return Cost() if name in ("__schema", "__type") else Cost(1, key + _OF_TYPENAME, 1)
        if node.selection_set is None:
            return Cost(1, key + _leaf_bytes(field), 1)
        size = self._size(node, field)
        below = self.selected(node.selection_set, get_named_type(field.type), size)
        one = Cost(1, key + 4, 1).plus(below)
        if not is_list_type(get_nullable_type(field.type)):
            return one
        if (paged := size or around) is not None:
            return one.times(paged)
        self.items[id(node)] = one.bare
        return one.listed(max(_declared(field), self._given.get(name, 0)))

    def _size(self, node: FieldNode, field: GraphQLField) -> int | None:
        """What a field says of the length of its list, or of the list in what it returns."""
        if (argument := field.args.get(_SLICING)) is None:
            return None
        given = next((one.value for one in node.arguments or () if one.name.value == _SLICING), None)
        value = _default(argument)
        if isinstance(given, IntValueNode):
            value = int(given.value)
        elif isinstance(given, VariableNode):
            value = self._variables.get(given.name.value, value)
        return min(max(size_of(value, self._page), 1), self._page)


def _default(argument: GraphQLArgument) -> int:
    return argument.default_value if isinstance(argument.default_value, int) else _UNTOLD


def _declared(field: GraphQLField) -> int:
    return getattr(_metadata(field).get(PLAN), "size", 0) or _UNTOLD


def _leaf_bytes(field: GraphQLField) -> int:
    """The bytes of a value in an answer. A code point has four at most; what is escaped has fewer."""
    type_ = get_named_type(field.type)
    if isinstance(type_, GraphQLEnumType):
        size = max(map(len, type_.values)) + 2
    else:
        size = _BYTES.get(type_.name) or 4 * _metadata(field).get(TEXT, _UNTOLD_TEXT) + 2
    return (
        size * _metadata(field).get(COUNT, _UNTOLD_COUNT) if is_list_type(get_nullable_type(field.type)) else size
    )


def _metadata(field: GraphQLField) -> Mapping[str, Any]:
    definition: Any = field.extensions.get("strawberry-definition")
    return {} if definition is None else definition.metadata
