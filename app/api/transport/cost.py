"""What an operation may cost: the fields of its answer, those in a list as often as the list may have items.

How long a list may be is told by its field: by the argument `first` of the field itself or of the one around it, as
connections have it; else by `list_size` in the metadata of its Strawberry field; else `_UNTOLD`.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from app.api.transport.measures import nodes

LIST_SIZE = "list_size"
"""Under this name the metadata of a field with a list has how many items it is taken to have."""

_UNTOLD = 10
_SLICING = "first"


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
) -> int:
    """The cost of an operation of a valid document; a page has so many items at most.

    What asks for the schema itself costs nothing here: graphql-core has a rule for it.
    """
    slicing = slicing_variables(document)
    defaults = {
        node.variable.name.value: int(node.default_value.value)
        for node in operation.variable_definitions or ()
        # Of others the default may be a number that is no Int, and of any length.
        if node.variable.name.value in slicing and isinstance(node.default_value, IntValueNode)
    }
    reckoning = _Reckoning(schema, document, {**defaults, **variables}, page)
    return reckoning.selected(operation.selection_set, schema.get_root_type(operation.operation), None)


class _Reckoning:
    """Adds up, each fragment once: in a document they may multiply."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any], page: int
    ) -> None:
        self._schema = schema
        self._page = page
        self._variables = variables
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[tuple[str, int | None], int] = {}

    def selected(self, selected: SelectionSetNode, of: GraphQLNamedType | None, around: int | None) -> int:
        """The cost of a selection on a type. `around` is the size that the field around it gives to lists in it."""
        total = 0
        for node in selected.selections:
            if isinstance(node, FieldNode):
                total += self._field(node, of, around)
            elif isinstance(node, FragmentSpreadNode):
                total += self._fragment(node.name.value, around)
            elif isinstance(node, InlineFragmentNode):
                on = self._schema.get_type(node.type_condition.name.value) if node.type_condition else of
                total += self.selected(node.selection_set, on, around)
        return total

    def _fragment(self, name: str, around: int | None) -> int:
        if (known := self._known.get((name, around))) is None:
            node = self._fragments[name]
            on = self._schema.get_type(node.type_condition.name.value)
            known = self._known[name, around] = self.selected(node.selection_set, on, around)
        return known

    def _field(self, node: FieldNode, of: GraphQLNamedType | None, around: int | None) -> int:
        name = node.name.value
        field: GraphQLField | None = getattr(of, "fields", {}).get(name)
        if field is None:
            return 0 if name in ("__schema", "__type") else 1
        if node.selection_set is None:
            return 1
        size = self._size(node, field)
        below = 1 + self.selected(node.selection_set, get_named_type(field.type), size)
        if is_list_type(get_nullable_type(field.type)):
            return below * (size or around or _declared(field))
        return below

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
    definition: Any = field.extensions.get("strawberry-definition")
    return int(definition.metadata.get(LIST_SIZE, _UNTOLD)) if definition is not None else _UNTOLD
