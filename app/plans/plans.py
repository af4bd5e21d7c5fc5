"""The plans of one operation of a document, compiled on first use."""

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import VariableValues

from app.common.lru import Lru
from app.plans.compiler import compiled
from app.plans.plan import Plan
from app.plans.selecting import Declarations, Selecting, Uncompilable
from app.plans.variables import deciding_variables

_MOST_VARIANTS = 16
"""The maximum number of cached plans of one operation."""


class Plans:
    """The plans of an operation. The variables of `@skip` and `@include` decide which fields it has, so there is a
    plan for each combination of their values; the most recently used are cached.
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
        self._cache: Lru[tuple[object, ...], Plan | Uncompilable] = Lru(_MOST_VARIANTS)

    def known(self, variables: VariableValues) -> Plan | Uncompilable | None:
        """The cached plan for these variables, or the reason why there is none; None if nothing is cached."""
        return self._cache.get(self._key(variables))

    def make(self, variables: VariableValues) -> Plan | Uncompilable:
        """Compile the plan for these variables, or find the reason why there is none, and cache it."""
        selecting = Selecting.of(self._schema, self._document, self._operation, variables)
        plan: Plan | Uncompilable
        try:
            plan = compiled(selecting, self._declarations)
        except Uncompilable as reason:
            # Cached without its traceback, which would keep the frames alive.
            plan = reason.with_traceback(None)
        except GraphQLError:
            # A deciding variable is null and may not be; graphql-core reports that.
            plan = Uncompilable("variables")
        self._cache.put(self._key(variables), plan)
        return plan

    def _key(self, variables: VariableValues) -> tuple[object, ...]:
        return tuple(variables.coerced.get(name) for name in self._deciding)
