"""Preparing and executing operations: the one way in for every transport."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from inspect import isawaitable
from typing import Any, TypeVar

from graphql import (
    ExecutionResult,
    Executor,
    GraphQLError,
    GraphQLSchema,
    OperationType,
    create_source_event_stream,
    execute,
    get_variable_values,
    located_error,
)
from graphql.execution.values import VariableValues

from app.plans.allowance import Allowance, TooLong
from app.plans.plan import DeedFailed, DeedPlan, EventPlan, PlanContext, QueryPlan
from app.plans.selecting import Declarations
from app.transport.execution.documents import DocumentRefused, DocumentRules, Documents, check_cost
from app.transport.execution.operation import Answer, Operation, cause_in, too_much
from app.transport.execution.paced import PacedExecutor
from app.transport.execution.request import GraphQLRequest, check_variables
from app.transport.limits import DeedBrokenOff, Limit, LimitReached
from app.transport.ports import EventSource, IsTransient

T = TypeVar("T")

COMPILED = "compiled"
_NO_VARIABLES = VariableValues({}, {})
_MOST_ERRORS = 20
"""How many errors of variables are told: for each, GraphQL looks at the value that is wrong."""


_RAISED = "raised"
_VARIABLES = "variables"
"""Why what has a plan is not executed by it: the plan broke off for a reason that graphql-core tells better, or the
variables are refused."""


class DocumentExecutor:
    """Executes documents against a schema: by their plans where they have one, else by graphql-core. An operation
    may take `seconds` to be answered. What `is_transient` by itself is told as it is.

    `executed` counts by kind and way: compiled, or why it was not.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        rules: DocumentRules,
        declarations: Declarations,
        *,
        seconds: float,
        is_transient: IsTransient,
    ) -> None:
        self.documents = Documents(schema, rules, declarations)
        self.executed: Counter[tuple[str, str]] = Counter()
        self._schema = schema
        self._limits = rules.limits
        self._hide_suggestions = not rules.open
        self._seconds = seconds
        self._is_transient = is_transient

    async def prepare(self, request: GraphQLRequest) -> Operation:
        """The operation that a request asks for; `DocumentRefused` with every reason why not."""
        document = await self.documents.document(request.query, request.document_id)
        definition = document.definition(request.operation_name)
        variables = request.variables or {}
        try:
            check_variables(variables, self._limits)
            estimated = check_cost(definition, variables, self._limits)
        except LimitReached as reached:
            raise DocumentRefused([GraphQLError("", original_error=reached)]) from None
        coerced = get_variable_values(
            self._schema,
            definition.node.variable_definitions or (),
            variables,
            _MOST_ERRORS,
            self._hide_suggestions,
        )
        if not isinstance(coerced, VariableValues):
            return Operation(
                definition,
                request.operation_name,
                request.variables,
                _VARIABLES,
                _NO_VARIABLES,
                estimated,
                errors=coerced,
            )
        plan = await self.documents.plan(definition, coerced)
        return Operation(definition, request.operation_name, request.variables, plan, coerced, estimated)

    async def answer(self, operation: Operation, context: PlanContext) -> Answer:
        """The answer to a query or a mutation. One that takes too long is broken off: a mutation may have been done
        by then.
        """
        return await self._in_time(self._answer(operation, context), operation)

    async def _answer(self, operation: Operation, context: PlanContext) -> Answer:
        plan = operation.plan
        context.allowance = self._allowance(operation)
        if isinstance(plan, QueryPlan):
            if (
                found := await self._planned(plan.answer(context, operation.coerced), operation, context)
            ) is not None:
                return found
        elif isinstance(plan, DeedPlan):
            if (arguments := self._arguments(plan, operation)) is not None:
                return await self._do(plan, operation, context, arguments)
        else:
            self._count(operation, plan)
        return await self.execute(operation, context)

    async def payload(self, operation: Operation, context: PlanContext, event: object) -> Answer:
        """The answer of a subscription for one event, however long it takes."""
        plan = operation.plan
        context.allowance = self._allowance(operation)
        if isinstance(plan, EventPlan):
            payload = plan.payload(context, operation.coerced, event)
            if (found := await self._planned(payload, operation, context)) is not None:
                return found
        else:
            self._count(operation, plan)
        return await self.execute(operation, context, event)

    async def _do(
        self, plan: DeedPlan, operation: Operation, context: PlanContext, arguments: Mapping[str, Any]
    ) -> Answer:
        """Do what a mutation asks, once: what fails in it is not done again in another way."""
        self._count(operation, COMPILED)
        try:
            return await plan.answer(context, operation.coerced, arguments)
        except DeedFailed as failed:
            result = ExecutionResult(None, errors=[located_error(failed.cause, failed.nodes, failed.path)])
            return self._result_as_sent(operation, context, result)

    def _arguments(self, plan: DeedPlan, operation: Operation) -> dict[str, Any] | None:
        """The arguments of a deed; None where graphql-core says what is wrong with them."""
        with suppress(GraphQLError):
            return plan.arguments(operation.coerced)
        self._count(operation, _RAISED)
        return None

    async def _planned(
        self, planned: Awaitable[bytes], operation: Operation, context: PlanContext
    ) -> Answer | None:
        """What a plan comes to. None where graphql-core is to execute it anew, which says in its own way what is
        wrong; not for what passes by itself, since to ask a database that is away once more only adds to it.
        """
        try:
            found: Answer = await planned
        except Exception as error:
            if not self._is_transient(error):
                self._count(operation, _RAISED)
                context.begin_again()
                return None
            found = ExecutionResult(None, errors=[GraphQLError("", original_error=error)])
        self._count(operation, COMPILED)
        return found

    def _count(self, operation: Operation, way: object) -> None:
        self.executed[operation.kind.value, str(way)] += 1

    def _allowance(self, operation: Operation) -> Allowance:
        return operation.estimated.allowance(self._limits.cost)

    def _result_as_sent(
        self, operation: Operation, context: PlanContext, result: ExecutionResult
    ) -> ExecutionResult:
        """A result as it is told: one whose lists are too long is refused as a whole, as if that had been known
        beforehand. Of a deed it is told whether it was done.
        """
        if cause_in(result, lambda cause: isinstance(cause, TooLong)) is None:
            return result
        return too_much(operation, context, Limit.COST, self._limits.cost)

    async def execute(self, operation: Operation, context: PlanContext, root: object = None) -> ExecutionResult:
        """The result of an operation, however long it takes; with an event as the root, of a subscription for that
        event.
        """
        if operation.errors:
            return ExecutionResult(None, errors=list(operation.errors))
        context.allowance = self._allowance(operation)
        result = execute(
            self._schema,
            operation.definition.document,
            root_value=root,
            context_value=context,
            variable_values=operation.variables,
            operation_name=operation.name,
            hide_suggestions=self._hide_suggestions,
            executor_class=PacedExecutor,
        )
        return self._result_as_sent(operation, context, await result if isawaitable(result) else result)

    async def subscribe(self, operation: Operation, context: PlanContext) -> EventSource | ExecutionResult:
        """The events of a subscription, to be executed one by one; or a result with the reason why not."""
        if operation.errors:
            return ExecutionResult(None, errors=list(operation.errors))
        context.allowance = self._allowance(operation)
        executor = Executor.build(
            self._schema,
            operation.definition.document,
            context_value=context,
            raw_variable_values=operation.variables,
            operation_name=operation.name,
            hide_suggestions=self._hide_suggestions,
        )
        if not isinstance(executor, Executor):
            return ExecutionResult(None, errors=list(executor))
        # Whatever the resolver returned: an event source.
        stream: Any = create_source_event_stream(executor)
        source: EventSource | ExecutionResult = (
            await self._in_time(stream, operation) if isawaitable(stream) else stream
        )
        return source

    async def _in_time(self, work: Awaitable[T], operation: Operation) -> T | ExecutionResult:
        """What the work returns; where it takes too long, a result that says so."""
        try:
            async with asyncio.timeout(self._seconds) as timer:
                return await work
        except TimeoutError:
            if not timer.expired():
                raise
            kind = DeedBrokenOff if operation.kind is OperationType.MUTATION else LimitReached
            reached = kind(Limit.SECONDS, self._seconds)
            return ExecutionResult(None, errors=[GraphQLError("", original_error=reached)])
