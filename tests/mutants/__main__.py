"""The command line of `scripts/mutants`, also `python -m tests.mutants`."""

import json
import random
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import Annotated

import typer

from tests.mutants.changes import Change, changes
from tests.mutants.explained import explained
from tests.mutants.neighbours import Noticing
from tests.mutants.noticing import LONGEST_SECONDS, Outcome, Trial, Trials, Tried
from tests.mutants.reach import KEPT, Reach, learn, learnt
from tests.mutants.trees import copies
from tests.support.commands import ROOT

_FOUND = KEPT / "found.jsonl"
"""The outcome of every change that was tried, a line each, the newest last."""

program = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@program.command()
def mutants(
    paths: Annotated[list[Path], typer.Argument(help="Modules and directories of the program.")],
    seconds: Annotated[float, typer.Option(help="The most that the tests of one change may take without it.")] = 40,
    sample: Annotated[int | None, typer.Option(help="Try so many changes only, chosen at random.")] = None,
    seed: Annotated[int, typer.Option(help="Chooses otherwise, for a sample.")] = 1,
    at_once: Annotated[int, typer.Option(min=1, help="How many changes are tried at once.")] = 2,
    go_on: Annotated[bool, typer.Option(help="Leave out what was noticed before.")] = False,
    untried: Annotated[bool, typer.Option(help="Leave out whatever was tried before.")] = False,
    relearn: Annotated[
        bool, typer.Option(help="Learn anew which tests reach what: the tests have changed.")
    ] = False,
    database: Annotated[str, typer.Option(help="Learn on this kind of database only.")] = "",
) -> None:
    """Makes small changes to the program, one at a time, and lists those that no test noticed.

    First it learns which tests reach which line, from a run of all tests, and keeps that. For each change the tests
    that lie nearest run first, until one fails.
    """
    reach = None if relearn else learnt()
    reach = reach or learn(["-n", "4", *(["--database", database] if database else [])])
    wanted = _wanted(paths, _LIVING if go_on else () if untried else tuple(Outcome))
    if sample is not None and sample < len(wanted):
        wanted = random.Random(seed).sample(wanted, sample)  # noqa: S311
    noticing = Noticing(_before())
    with copies(at_once) as trees:
        _without_any_change(Trials(trees), list(_trials(wanted, reach, noticing, seconds)))
        tried = Trials(trees).outcomes(_trials(wanted, reach, noticing, seconds))
        outcomes = Counter(_told(map(noticing.learn, tried), len(wanted)))
    typer.echo(", ".join(f"{outcome}: {count}" for outcome, count in sorted(outcomes.items())))
    raise typer.Exit(bool(outcomes[Outcome.SURVIVED] + outcomes[Outcome.UNREACHED]))


def _wanted(paths: Iterable[Path], again: Collection[Outcome]) -> list[Change]:
    """The changes to what lies at these paths that were never tried, or had one of these outcomes."""
    modules = sorted(module for path in paths for module in _modules(path.resolve()))
    reasons, before = explained(), {one["change"]: one["outcome"] for one in _before()}
    made = [change for module in modules for change in changes(str(module.relative_to(ROOT)), module.read_text())]
    return [change for change in made if change.name not in reasons and before.get(change.name) in (None, *again)]


_LIVING = (Outcome.SURVIVED, Outcome.UNREACHED)


def _modules(path: Path) -> Iterator[Path]:
    return path.rglob("*.py") if path.is_dir() else iter((path,))


def _before() -> list[dict[str, str]]:
    """Every outcome so far, the newest last."""
    return list(map(json.loads, _FOUND.read_text().splitlines())) if _FOUND.exists() else []


def _trials(wanted: Iterable[Change], reach: Reach, noticing: Noticing, seconds: float) -> Iterator[Trial]:
    for change in wanted:
        tests = reach.of(change, (ROOT / change.path).read_text(), noticing.near(change.path))
        yield Trial(change, *_within(seconds, tests, reach.seconds))


def _without_any_change(trials: Trials, wanted: Sequence[Trial]) -> None:
    """Refuse to go on if the first tests of the changes do not pass by themselves: they would tell nothing."""
    first = dict.fromkeys(test for trial in wanted for test in trial.tests[:1])
    nothing = [Trial(replace(trial.change, new=trial.change.old), list(first), 600) for trial in wanted[:1]]
    for tried in trials.outcomes(nothing):
        if tried.outcome is not Outcome.SURVIVED:
            typer.echo("Tests fail without any change, or are no longer there: --relearn when they pass.", err=True)
            raise typer.Exit(2)


def _within(seconds: float, tests: Sequence[str], each: dict[str, float]) -> tuple[list[str], float]:
    """As many of the tests as do not take longer than so many seconds, and how long they take."""
    tests = [test for test in tests if each.get(test, 1.0) < LONGEST_SECONDS / 4]
    took = 0.0

    def fits(test: str) -> bool:
        nonlocal took
        took += each.get(test, 1.0)
        return took <= seconds

    chosen = list(takewhile(fits, tests))
    return chosen or list(tests[:1]), took


def _told(found: Iterable[Tried], total: int) -> Iterator[Outcome]:
    """Prints what survived as soon as that is known, and keeps every outcome."""
    with _FOUND.open("a") as kept:
        for number, one in enumerate(found, 1):
            kept.write(json.dumps({"change": one.change.name, "outcome": one.outcome, "by": one.by}) + "\n")
            kept.flush()
            if one.outcome in _LIVING:
                typer.echo(f"[{number}/{total}] {one.outcome}, line {one.change.line}: {one.change.name}")
            yield one.outcome


if __name__ == "__main__":
    program()
