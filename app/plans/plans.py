"""The plans of one operation of a document, made when they are first asked for."""

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    print_ast,
    visit,
)
from graphql.execution.values import VariableValues

from app.plans.compiler import compiled
from app.plans.plan import Plan
from app.plans.selecting import Declarations, Selecting, Uncompilable

_MOST_VARIANTS = 16
_CONDITIONS = ("skip", "include")


class Plans:
    """What variables say to `@skip` and `@include` decides which fields there are: there is a plan for each of the
    first few combinations.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        declarations: Declarations,
    ) -> None:
        self._schema = schema
        self._document = document
        self._operation = operation
        self._declarations = declarations
        self._deciding = _deciding(document, operation)
        self._made: dict[tuple[object, ...], Plan | Uncompilable] = {}

    def known(self, variables: VariableValues) -> Plan | Uncompilable | None:
        """The plan for these variables, or why there is none; None where that is not known yet."""
        return self._made.get(self._key(variables))

    def make(self, variables: VariableValues) -> Plan | Uncompilable:
        """Find out which, for these variables."""
        if len(self._made) >= _MOST_VARIANTS:
            return Uncompilable("variants")
        selecting = Selecting.of(self._schema, self._document, self._operation, variables)
        made: Plan | Uncompilable
        try:
            made = compiled(selecting, self._declarations)
        except Uncompilable as reason:
            made = reason
        except GraphQLError:
            # One that decides is null and may not be: graphql-core says so.
            made = Uncompilable("variables")
        self._made[self._key(variables)] = made
        return made

    def _key(self, variables: VariableValues) -> tuple[object, ...]:
        return tuple(variables.coerced.get(name) for name in self._deciding)


class _Deciding(Visitor):
    """Collects the variables that `@skip` and `@include` have."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        """Look at a directive."""
        if node.name.value in _CONDITIONS:
            values = [argument.value for argument in node.arguments or ()]
            self.names |= {value.name.value for value in values if isinstance(value, VariableNode)}


def _deciding(document: DocumentNode, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """The names of the variables that decide which fields there are. Another operation may have one of the same
    name that is no Boolean, and perhaps nothing that can be a key.
    """
    found = _Deciding()
    visit(document, found)
    defined = operation.variable_definitions or ()
    own = {one.variable.name.value for one in defined if print_ast(one.type).rstrip("!") == "Boolean"}
    return tuple(sorted(found.names & own))
