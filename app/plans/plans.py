"""The plans of one operation of a document, made when they are first asked for."""

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import VariableValues

from app.common.lru import Lru
from app.plans.compiler import compiled
from app.plans.plan import Plan
from app.plans.selecting import Declarations, Selecting, Uncompilable
from app.plans.variables import deciding_variables

_MOST_VARIANTS = 16
"""How many plans of one operation are kept."""


class Plans:
    """What variables say to `@skip` and `@include` decides which fields there are: there is a plan for each
    combination, and those that were used last are kept.
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
        self._deciding = deciding_variables(document, operation)
        self._made: Lru[tuple[object, ...], Plan | Uncompilable] = Lru(_MOST_VARIANTS)

    def known(self, variables: VariableValues) -> Plan | Uncompilable | None:
        """The plan for these variables, or why there is none; None where that is not known yet."""
        return self._made.get(self._key(variables))

    def make(self, variables: VariableValues) -> Plan | Uncompilable:
        """Find out which, for these variables."""
        selecting = Selecting.of(self._schema, self._document, self._operation, variables)
        made: Plan | Uncompilable
        try:
            made = compiled(selecting, self._declarations)
        except Uncompilable as reason:
            # It is kept, and nothing that it came through.
            made = reason.with_traceback(None)
        except GraphQLError:
            # One that decides is null and may not be: graphql-core says so.
            made = Uncompilable("variables")
        self._made.put(self._key(variables), made)
        return made

    def _key(self, variables: VariableValues) -> tuple[object, ...]:
        return tuple(variables.coerced.get(name) for name in self._deciding)
