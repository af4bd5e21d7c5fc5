"""Prepares and executes operations, for every transport."""

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
from app.plans.plan import EventPlan, MutationFailed, MutationPlan, PlanContext, QueryPlan
from app.plans.selecting import Declarations
from app.transport.execution.documents import DocumentRefused, DocumentRules, Documents, check_cost
from app.transport.execution.operation import Answer, Operation, answer_too_large, find_cause
from app.transport.execution.paced import PacedExecutor
from app.transport.execution.request import GraphQLRequest, check_variables
from app.transport.limits import DeedTimedOut, Limit, LimitReached
from app.transport.ports import EventSource, IsTransient

T = TypeVar("T")

COMPILED = "compiled"
_NO_VARIABLES = VariableValues({}, {})
_MOST_ERRORS = 20
"""The most errors of variables that are sent: graphql-core prints the wrong value in each."""


_RAISED = "raised"
_VARIABLES = "variables"
"""Reasons why an operation is not executed by its plan: the plan raised an error, which graphql-core formats
better, or its variables are invalid.
"""


class DocumentExecutor:
    """Executes operations against a schema: by their compiled plans if they have one, otherwise by graphql-core.

    `seconds` is the timeout for an answer. `is_transient` recognises transient errors, which are not retried with
    graphql-core. `executed` counts operations by kind and way: `compiled`, or the reason why not.
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
        """Find and check the operation of a request, and its plan. Raises `DocumentRefused` with all errors.

        Variables of a wrong type are not raised: they become the `errors` of the operation.
        """
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
        """Execute a query or a mutation. After the timeout it is cancelled, and the answer is an error; a mutation
        may have been done by then.
        """
        return await self._in_time(self._answer(operation, context), operation)

    async def _answer(self, operation: Operation, context: PlanContext) -> Answer:
        plan = operation.plan
        context.allowance = self._allowance(operation)
        if isinstance(plan, QueryPlan):
            if (
                answer := await self._planned(plan.answer(context, operation.coerced), operation, context)
            ) is not None:
                return answer
        elif isinstance(plan, MutationPlan):
            if (arguments := self._arguments(plan, operation)) is not None:
                return await self._do(plan, operation, context, arguments)
        else:
            self._count(operation, plan)
        return await self.execute(operation, context)

    async def payload(self, operation: Operation, context: PlanContext, event: object) -> Answer:
        """Execute a subscription for one event, without a timeout."""
        plan = operation.plan
        context.allowance = self._allowance(operation)
        if isinstance(plan, EventPlan):
            payload = plan.payload(context, operation.coerced, event)
            if (answer := await self._planned(payload, operation, context)) is not None:
                return answer
        else:
            self._count(operation, plan)
        return await self.execute(operation, context, event)

    async def _do(
        self, plan: MutationPlan, operation: Operation, context: PlanContext, arguments: Mapping[str, Any]
    ) -> Answer:
        """Execute a mutation by its plan. If it fails, it is not executed again by graphql-core: it may be done."""
        self._count(operation, COMPILED)
        try:
            return await plan.answer(context, operation.coerced, arguments)
        except MutationFailed as failed:
            result = ExecutionResult(None, errors=[located_error(failed.cause, failed.nodes, failed.path)])
            return self._result_as_sent(operation, context, result)

    def _arguments(self, plan: MutationPlan, operation: Operation) -> dict[str, Any] | None:
        """The arguments of a mutation; None if they are invalid, and graphql-core is to produce the error."""
        with suppress(GraphQLError):
            return plan.arguments(operation.coerced)
        self._count(operation, _RAISED)
        return None

    async def _planned(
        self, planned: Awaitable[bytes], operation: Operation, context: PlanContext
    ) -> Answer | None:
        """The answer of a plan; None after an error, so that graphql-core executes the operation again and formats
        it.

        A transient error is the answer itself: a second execution would only add load to a database in trouble.
        """
        try:
            answer: Answer = await planned
        except Exception as error:
            if not self._is_transient(error):
                self._count(operation, _RAISED)
                context.begin_again()
                return None
            answer = ExecutionResult(None, errors=[GraphQLError("", original_error=error)])
        self._count(operation, COMPILED)
        return answer

    def _count(self, operation: Operation, way: object) -> None:
        self.executed[operation.kind.value, str(way)] += 1

    def _allowance(self, operation: Operation) -> Allowance:
        return operation.estimated.allowance(self._limits.cost)

    def _result_as_sent(
        self, operation: Operation, context: PlanContext, result: ExecutionResult
    ) -> ExecutionResult:
        """The result, or an error instead if its lists turned out to be too long: the same as for too high a cost.
        For a mutation the error says whether the deed was done.
        """
        if find_cause(result, lambda cause: isinstance(cause, TooLong)) is None:
            return result
        return answer_too_large(operation, context, Limit.COST, self._limits.cost)

    async def execute(self, operation: Operation, context: PlanContext, root: object = None) -> ExecutionResult:
        """Execute an operation with graphql-core, without a timeout. For a subscription `root` is the event."""
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
        """Call the resolver of a subscription. Returns its events, for `payload`; or a result with the errors."""
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
        # Our resolvers return an event source, and graphql-core passes it on.
        stream: Any = create_source_event_stream(executor)
        source: EventSource | ExecutionResult = (
            await self._in_time(stream, operation) if isawaitable(stream) else stream
        )
        return source

    async def _in_time(self, work: Awaitable[T], operation: Operation) -> T | ExecutionResult:
        """Await work with the timeout; if it takes too long, return a result with that error."""
        try:
            async with asyncio.timeout(self._seconds) as timer:
                return await work
        except TimeoutError:
            if not timer.expired():
                raise
            kind = DeedTimedOut if operation.kind is OperationType.MUTATION else LimitReached
            reached = kind(Limit.SECONDS, self._seconds)
            return ExecutionResult(None, errors=[GraphQLError("", original_error=reached)])
