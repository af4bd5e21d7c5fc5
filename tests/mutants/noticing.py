"""Whether tests notice a change: they run in a process of their own, which is ended when it takes too long."""

import contextlib
import importlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pytest

from tests.mutants.changes import Change
from tests.mutants.trees import Tree

_AHEAD = ("sqlalchemy.ext.asyncio", "strawberry", "hypothesis", "asyncpg", "aiosqlite", "httpx", "psycopg", "redis")
"""What takes long to import and no change is made in: imported once, before the processes part."""

LONGEST_SECONDS = 40
"""How long one test may take, for a changed program may hang. What comes near that without a change is not run."""

_ARGUMENTS = (
    "-x",
    f"--timeout={LONGEST_SECONDS}",
    *("-p", "no:cacheprovider", "-p", "no:cov"),
    # Hypothesis, which is imported ahead, is a plugin of pytest as well.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)

_TO_START = 30.0
"""What is granted beside the tests' own time: for imports and for databases, in seconds."""


class Outcome(StrEnum):
    """What became of a change."""

    NOTICED = "noticed"
    TOO_LONG = "took too long"
    SURVIVED = "survived"
    UNREACHED = "reached by no test"


@dataclass(frozen=True)
class Trial:
    """A change, and the tests that are to notice it, in this order."""

    change: Change
    tests: Sequence[str]
    seconds: float
    """How long these take without the change."""


@dataclass(frozen=True)
class Tried:
    """What became of a change, and the test that noticed it, where it is known."""

    change: Change
    outcome: Outcome
    by: str | None = None


@dataclass
class _Running:
    trial: Trial
    tree: Tree
    until: float


class Trials:
    """Trials of changes, as many at once as there are trees."""

    def __init__(self, trees: Sequence[Tree]) -> None:
        self._free = list(trees)
        self._running: dict[int, _Running] = {}

    def outcomes(self, trials: Iterable[Trial]) -> Iterator[Tried]:
        """What becomes of each change, in the order in which that is known."""
        for module in _AHEAD:
            importlib.import_module(module)
        left = iter(trials)
        try:
            while True:
                while self._free and (trial := next(left, None)) is not None:
                    if trial.tests:
                        self._begin(trial)
                    else:
                        yield Tried(trial.change, Outcome.UNREACHED)
                if not self._running:
                    return
                yield from self._ended()
        finally:
            for pid in list(self._running):
                self._end(pid)

    def _begin(self, trial: Trial) -> None:
        tree = self._free.pop()
        tree.make(trial.change)
        pid = _start(trial, tree)
        self._running[pid] = _Running(trial, tree, time.monotonic() + 3 * trial.seconds + _TO_START)

    def _ended(self) -> list[Tried]:
        """The changes whose tests have ended, or took too long; waits a moment where there is none."""
        ended = []
        for pid, one in list(self._running.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                survived = os.waitstatus_to_exitcode(status) == pytest.ExitCode.OK
                outcome = Outcome.SURVIVED if survived else Outcome.NOTICED
                ended.append(Tried(one.trial.change, outcome, one.tree.failed()))
            elif time.monotonic() > one.until:
                ended.append(Tried(one.trial.change, Outcome.TOO_LONG))
            else:
                continue
            self._end(pid)
        if not ended:
            time.sleep(0.02)
        return ended

    def _end(self, pid: int) -> None:
        """End the tests, and whatever they started that goes on without them."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
        one = self._running.pop(pid)
        one.tree.undo(one.trial.change)
        self._free.append(one.tree)


def _start(trial: Trial, tree: Tree) -> int:
    """The id of a process that runs the tests in a tree until one fails."""
    if pid := os.fork():
        return pid
    os.setsid()
    os.chdir(tree.root)
    _write_to(tree.log)
    # The program and its tests are imported from the tree, and nothing of them was before.
    for name in [name for name in sys.modules if name.partition(".")[0] in ("app", "tests")]:
        del sys.modules[name]
    sys.path[:] = [str(tree.root), *(path for path in sys.path if path not in ("", str(Path.cwd())))]
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    code: int = pytest.ExitCode.INTERNAL_ERROR
    try:
        code = pytest.main([*_ARGUMENTS, *trial.tests])
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    os._exit(code)


def _write_to(log: Path) -> None:
    sys.stdout.flush()
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 1)
    os.dup2(file, 2)
