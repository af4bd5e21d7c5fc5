"""Which tests reach which line of the program, and how long each takes: learnt from a run of them all."""

import json
import os
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import chain, zip_longest
from pathlib import Path
from xml.etree import ElementTree

from coverage import CoverageData

from tests.mutants.changes import Change, scopes_of_lines
from tests.support.commands import ROOT

KEPT = ROOT / ".mutants"
"""Where what was learnt and what was found is kept."""

_REACH = KEPT / "reach.json"

_NARROW = 500
"""How many lines a test reaches at most that is about a few of them: one in three does, and takes milliseconds."""


@dataclass(frozen=True)
class Reach:
    """The tests by the lines that they reach. A line is known by its text and the function around it, so that what
    was learnt holds while lines move.
    """

    seconds: dict[str, float]
    """How long each test takes, by its id."""
    tests: dict[str, list[str]]
    """The tests that reach each line."""

    def of(self, change: Change, text: str, noticing: Iterable[str]) -> list[str]:
        """The tests that can notice a change to this text of a module, the likeliest first: those `noticing` its
        neighbours, those that reach little else, then a few of every module.
        """
        lines = text.splitlines()[change.line - 1 : change.end_line]
        keys = [_key(change.path, change.within, line) for line in lines]
        found = {test for key in keys for test in self.tests.get(key, ())} or self._in_modules_like(change.path)
        by_module = defaultdict(list)
        for test in sorted(found, key=self._width):
            by_module[test.partition("::")[0]].append(test)
        narrow = [test for test in sorted(found, key=self._width) if self._width(test)[0] <= _NARROW]
        # Each change begins with other modules: where one of them notices it, its neighbours begin with that.
        modules = random.Random(change.name).sample(sorted(by_module), len(by_module))  # noqa: S311
        turns = zip_longest(*(by_module[module] for module in modules))
        neighbours = [test for test in noticing if test in found]
        return list(dict.fromkeys(test for test in chain(neighbours, narrow, *turns) if test is not None))

    def _width(self, test: str) -> tuple[int, float]:
        """How many lines a test reaches, and how long it takes."""
        return self._lines[test], self.seconds.get(test, 1.0)

    @cached_property
    def _lines(self) -> Counter[str]:
        return Counter(chain.from_iterable(self.tests.values()))

    def _in_modules_like(self, path: str) -> set[str]:
        """The tests of modules that are called most alike: no test makes what a module makes once."""
        modules = {test.partition("::")[0] for test in self.seconds}
        nearest = sorted(modules, key=lambda module: -_likeness(module, path))[:5]
        return {test for test in self.seconds if test.startswith(tuple(f"{module}::" for module in nearest))}


def learn(args: Sequence[str]) -> Reach:
    """Run the tests once, with further arguments for pytest, and keep what they reach."""
    KEPT.mkdir(exist_ok=True)
    data, times = KEPT / "coverage", KEPT / "times.xml"
    measured = ("--cov=app", "--cov-context=test", "--cov-report=", f"--junit-xml={times}")
    command = (sys.executable, "-m", "pytest", "--ignore=tests/web", *measured, *args)
    subprocess.run(command, cwd=ROOT, env=_environment(data), check=False)  # noqa: S603
    reach = Reach(dict(_seconds(times)), _tests(CoverageData(str(data))))
    _keep(reach)
    return reach


def learnt() -> Reach | None:
    """What was learnt before, if anything was."""
    if not _REACH.exists():
        return None
    kept = json.loads(_REACH.read_text())
    names = kept["names"]
    return Reach(
        kept["seconds"], {key: [names[number] for number in numbers] for key, numbers in kept["tests"].items()}
    )


def _keep(reach: Reach) -> None:
    # Thousands of lines are reached by thousands of tests: each id stands once.
    names = sorted(set(chain.from_iterable(reach.tests.values())))
    numbers = {name: number for number, name in enumerate(names)}
    tests = {key: [numbers[test] for test in found] for key, found in reach.tests.items()}
    _REACH.write_text(json.dumps({"seconds": reach.seconds, "names": names, "tests": tests}))


def _environment(data: Path) -> dict[str, str]:
    return os.environ | {"COVERAGE_FILE": str(data)}


def _seconds(times: Path) -> Iterator[tuple[str, float]]:
    # Written by pytest itself a moment ago.
    for case in ElementTree.parse(times).iter("testcase"):  # noqa: S314
        module = case.attrib["classname"].replace(".", "/")
        yield f"{module}.py::{case.attrib['name']}", float(case.attrib["time"])


def _tests(data: CoverageData) -> dict[str, list[str]]:
    data.read()
    reached: dict[str, set[str]] = defaultdict(set)
    for file in data.measured_files():
        path, text = str(Path(file).relative_to(ROOT)), Path(file).read_text()
        lines, scopes = text.splitlines(), scopes_of_lines(text)
        for number, contexts in data.contexts_by_lineno(file).items():
            if number > len(lines):
                continue  # Coverage knows a first line of an empty module.
            key = _key(path, scopes[number - 1], lines[number - 1])
            reached[key] |= {context.partition("|")[0] for context in contexts if context}
    return {key: sorted(tests) for key, tests in reached.items()}


def _key(path: str, within: str, line: str) -> str:
    return f"{path} {within}: {line.strip()}"


def _likeness(module: str, path: str) -> float:
    """How much the name of a module of tests is like that of a module of the program, from 0 to 2."""
    tests, tested = Path(module).stem.removeprefix("test_"), Path(path).stem
    return SequenceMatcher(None, tests, tested).ratio() + (tested in tests)
