"""Random valid documents over the schema: queries, mutations with one root field, and subscriptions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphql import GraphQLObjectType, GraphQLSchema, OperationType
from hypothesis import strategies as st

from tests.support.client import JSON
from tests.support.generated.arguments import Arguments
from tests.support.generated.drawing import Drawn
from tests.support.generated.population import Population
from tests.support.generated.selections import Selections, Spot
from tests.support.generated.variables import Values

_DEPTH, _LEAST, _MOST = 8, 8, 60


@dataclass(frozen=True)
class Generated:
    """A document, the name of the operation to execute, and its variables."""

    text: str
    operation_name: str | None
    variables: Mapping[str, JSON]

    def __str__(self) -> str:
        return f"{self.text}\n{self.operation_name} {self.variables}"


Root = Callable[[Drawn, Selections], str]
"""Generates the selection of an operation."""

Inputs = Mapping[str, st.SearchStrategy[JSON]]
"""Strategies for the inputs of mutations, by the mutation's name."""


class Documents:
    """Strategies for documents that request existing data."""

    def __init__(self, schema: GraphQLSchema, there: Population) -> None:
        self._schema = schema
        self._there = there
        self._arguments = Arguments(there)

    def queries(self) -> st.SearchStrategy[Generated]:
        """Queries, some with a second operation in the document."""
        return self._documents("query", self._query)

    def mutations(self, inputs: Inputs) -> st.SearchStrategy[Generated]:
        """Mutations with one root field, whose input is drawn from `inputs`."""

        def root(drawn: Drawn, selections: Selections) -> str:
            name = drawn.pick(list(inputs))
            field = self._type("mutation").fields[name]
            given = selections.arguments(name, field, {"input": drawn.of(inputs[name])})
            return self._only_field("mutation", name, given, selections)

        return self._documents("mutation", root)

    def subscriptions(self) -> st.SearchStrategy[Generated]:
        """Subscriptions to an inbox, or to a task from its first fact."""
        return self._documents("subscription", self._subscription)

    def _documents(self, kind: str, asked: Root) -> st.SearchStrategy[Generated]:
        @st.composite
        def documents(draw: st.DrawFn) -> Generated:
            drawn = Drawn(draw)
            values = Values(drawn)
            selections = Selections(
                drawn, self._schema, self._arguments, values, size=drawn.how_many(_LEAST, _MOST)
            )

            def operation(kind: str, name: str | None, root: Root) -> str:
                selected = root(drawn, selections)
                defined = values.definitions(selections.taken())
                return f"{kind}{' ' + name if name else ''}{defined} {selected}"

            is_among_others = drawn.chance(15)
            name = "Gevraagd" if is_among_others or drawn.chance(50) else None
            operations = [operation(kind, name, asked)]
            if is_among_others:
                operations.insert(drawn.how_many(0, 1), operation("query", "Anders", self._query))
            request_of = name if is_among_others or drawn.chance(50) else None
            return Generated("\n".join([*operations, *selections.fragments()]), request_of, values.given)

        return documents()

    def _query(self, drawn: Drawn, selections: Selections) -> str:
        root = self._type("query")
        return selections.selection(Spot(root, root, _DEPTH))

    def _subscription(self, drawn: Drawn, selections: Selections) -> str:
        # Always with valid arguments: otherwise the subscription is refused, and no fact is executed.
        name, given = drawn.pick(
            (
                ("postvak", f'(organisatorischeEenheidId: "{drawn.pick(self._there.eenheden).id}")'),
                ("interneTaak", f'(id: "{drawn.pick(self._there.taken).id}", naVersie: 0)'),
            )
        )
        return self._only_field("subscription", name, given, selections)

    def _only_field(self, kind: str, name: str, given: str, selections: Selections) -> str:
        root = self._type(kind)
        return "{ " + selections.field(name, given, Spot(root, root, _DEPTH), always=True) + " }"

    def _type(self, kind: str) -> GraphQLObjectType:
        root = self._schema.get_root_type(OperationType(kind))
        assert root is not None
        return root
