"""What holds of the tests themselves: none passes by doing nothing, none waits for ever, each says where it ran."""

import ast
import importlib

import pytest

from tests.support.commands import ROOT
from tests.support.each import each
from tests.support.kinds import on_one_kind
from tests.support.limit import EARLIER_SECONDS
from tests.support.loops import hollow

pytest_plugins = ["pytester"]

ELSE = {"bench", "clients", "mutants"}
MODULES = [
    path
    for path in sorted((ROOT / "tests").rglob("*.py"))
    if not ELSE & set(path.relative_to(ROOT / "tests").parts)
]

OVER_SOMETHING = {
    "what is written out": "for one in (1, 2): assert one",
    "a constant": "for one in NAMES: assert one",
    "what a constant holds": "for one, other in sorted(TABLE.items()): assert one",
    "a constant and what is found": "for one in [*NAMES, *found()]: assert one",
    "a name for what is written out": "def test():\n some = [1, 2]\n for one in some: assert one",
    "as much as another": "for one, other in zip(found(), NAMES, strict=True): assert one",
    "each of several": "for one in each(found()): assert one",
    "all of a constant": "assert all(name for name in NAMES)",
    "all of each of several": "assert all(map(str, each(found())))",
    "nothing asserted": "for one in found(): print(one)",
    "asserted where it is called": "for one in found():\n def test(): assert one",
    "any": "assert any(found())",
    "not all": "assert not all(found())",
}

OVER_NOTHING = {
    "what is found": "for one in found(): assert one",
    "an empty constant": "for one in EMPTY: assert one",
    "a name that is not the constant's": "def test(NAMES):\n for one in NAMES: assert one",
    "a name that may be for nothing": "def test():\n some = [1]\n some = found()\n for one in some: assert one",
    "as it comes": "async def test():\n async for one in found(): assert one",
    "a part of a constant": "for one in [name for name in NAMES if name]: assert one",
    "deep in it": "for one in found():\n with one:\n  if one: assert one",
    "all of what is found": "assert all(one for one in found())",
    "not any of what is found": "assert 1 and not any(found())",
    "all of a part": "assert all(one for one in NAMES if one > 1)",
}

NAMES = {"NAMES": (1, 2), "TABLE": {1: 2}, "EMPTY": ()}


@pytest.mark.parametrize("source", OVER_SOMETHING.values(), ids=OVER_SOMETHING)
def test_a_loop_that_is_over_something_is_known_by_reading_it(source: str) -> None:
    assert hollow(source, NAMES) == []


@pytest.mark.parametrize("source", OVER_NOTHING.values(), ids=OVER_NOTHING)
def test_a_loop_that_may_be_over_nothing_is_found(source: str) -> None:
    assert len(hollow(source, NAMES)) == 1


def test_no_assertion_is_reached_by_a_loop_over_possibly_nothing_only() -> None:
    found = {}
    for path in MODULES:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found[name] = hollow(path.read_text(), vars(importlib.import_module(name)))
    assert "tests.documents.test_suite" in found
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_whoever_waits_for_what_must_become_so_says_for_what_and_not_for_ever() -> None:
    turning = [
        f"{path.name}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.While)
        and not isinstance(node.test, ast.Constant)
        and [ast.unparse(one) for one in node.body] == ["await asyncio.sleep(0)"]
    ]
    assert turning == []


def test_each_of_none_is_nothing_to_assert_of() -> None:
    assert each(iter("ab")) == ["a", "b"]
    with pytest.raises(AssertionError, match="there is none"):
        each([])


ENDLESS = """
import asyncio, time
import pytest

@pytest.fixture
async def closed():
    others = asyncio.create_task(spin())
    yield
    others.cancel()
    print("closed")

async def spin():
    while True:
        await asyncio.sleep(0)

async def test_spins(closed):
    await spin()

async def test_waits(closed):
    await asyncio.Event().wait()

@pytest.mark.timeout(2)
async def test_holds_up_the_loop(closed):
    time.sleep(60)

async def test_goes_on(closed):
    pass
"""


def test_who_waits_for_ever_fails_after_the_limit_closes_what_was_opened_and_holds_up_no_other(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeconftest((ROOT / "tests" / "support" / "limit.py").read_text())
    pytester.makepyfile(ENDLESS)
    options = (f"--timeout={EARLIER_SECONDS + 1}", "--override-ini=asyncio_mode=auto", "-p", "no:schemathesis")
    ran = pytester.runpytest_subprocess(*options, timeout=60)
    ran.assert_outcomes(passed=1, failed=3)
    ran.stdout.fnmatch_lines(["*await spin()*", "*TimeoutError*"])


def test_what_ran_on_one_kind_of_database_only_is_told_by_module_or_by_test() -> None:
    ran = [
        ("tests/test_a.py::test_both[sqlite]", "sqlite"),
        ("tests/test_a.py::test_both[postgresql]", "postgresql"),
        ("tests/test_a.py::test_one[1]", "sqlite"),
        ("tests/test_a.py::test_one[2]", "sqlite"),
        ("tests/test_b.py::test_other[x]", "postgresql"),
        ("tests/test_b.py::test_another", "postgresql"),
    ]
    assert on_one_kind(ran) == {"sqlite": ["tests/test_a.py::test_one"], "postgresql": ["tests/test_b.py"]}
