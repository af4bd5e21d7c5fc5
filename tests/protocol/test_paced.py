"""What graphql-core executes: however large an answer is, the event loop comes round meanwhile."""

import asyncio
from typing import Any

import pytest
from graphql import ExecutionResult, Executor, GraphQLError, build_schema, execute, parse

from app.transport.execution.paced import PacedExecutor
from tests.support.waiting import until

SCHEMA = build_schema(
    """
    type Query { rows: [Row!]! large: Large row: Row wrong: Row wrongRow: Row! }
    type Large { rows: [Row!]! }
    type Row { a: Int b: Int c: Int rows: [Row!]! row: Row }
    """
)
FLAT = "{ large { rows { a b c } } }"
NESTED = "{ large { rows { a rows { b rows { c row { a b } } } } } }"
BESIDE_AN_ERROR = "{ large { rows { a rows { b } } } wrong { a } }"
INSTEAD_OF_AN_ERROR = "{ rows { a rows { b } } wrongRow { a } }"


class Row:
    """A row with as many below it as it is wide; every value is its own number."""

    def __init__(self, number: int, widths: list[int]) -> None:
        self.a = self.b = self.c = number
        below, *further = widths or [0]
        self.rows = [Row(one, further) for one in range(below)]

    async def row(self, _info: Any) -> "Row":
        """One that is waited for."""
        await asyncio.sleep(0)
        return self


class Root:
    """What is asked: a large answer, and rows that are refused."""

    def __init__(self, *widths: int) -> None:
        self.large = Row(0, list(widths))
        self.rows = self.large.rows

    async def wrong(self, _info: Any) -> Row:
        """Refused after others were begun."""
        await asyncio.sleep(0)
        raise GraphQLError("no")

    wrongRow = wrong  # noqa: N815


async def executed(document: str, root: Root, by: type[Executor[Any]]) -> tuple[ExecutionResult, int]:
    """The result, and how often the event loop came round meanwhile."""
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    turning = asyncio.create_task(turn())
    result = execute(SCHEMA, parse(document), root, executor_class=by)
    if not isinstance(result, ExecutionResult):
        result = await result
    turning.cancel()
    return result, turns


@pytest.mark.parametrize(("document", "widths"), [(FLAT, [5_000]), (NESTED, [60, 10, 5]), (NESTED, [3, 20, 60])])
async def test_a_large_answer_is_completed_in_turns_and_is_the_same(document: str, widths: list[int]) -> None:
    root = Root(*widths)
    expected, _ = await executed(document, root, Executor)
    result, turns = await executed(document, root, PacedExecutor)
    assert expected.errors is None
    assert result == expected
    assert turns > 10


async def test_a_small_answer_waits_for_nobody() -> None:
    result = execute(SCHEMA, parse(FLAT), Root(10), executor_class=PacedExecutor)
    assert isinstance(result, ExecutionResult)


@pytest.mark.parametrize("document", [BESIDE_AN_ERROR, INSTEAD_OF_AN_ERROR])
async def test_errors_are_told_as_without_turns_and_nothing_is_left_running(document: str) -> None:
    before = asyncio.all_tasks()
    expected, _ = await executed(document, Root(500, 10), Executor)
    result, _ = await executed(document, Root(500, 10), PacedExecutor)
    assert result.errors is not None
    assert result == expected
    await until(lambda: asyncio.all_tasks() <= before)
