"""The command line of the measurements: `scripts/bench`, also `python -m tests.bench`."""

import platform
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import orjson
import typer
import uvloop

from tests.bench.fanout import IDLE, MANY, ONE, Plan, Result, run
from tests.bench.growth import Figure, databases_of, measure
from tests.bench.growth import table as growth_table
from tests.bench.machine import Cores, allow_many_files
from tests.bench.servers import OURS, PLAIN
from tests.bench.table import table, violations
from tests.support.databases import KINDS

program = typer.Typer(
    help="Measures this server beside the plain way of building one.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@program.callback()
def bench() -> None:
    """What there is to measure."""


@program.command()
def fanout(
    subscribers: Annotated[str, typer.Option(help="Subscribers of one inbox.")] = "1,100,1000,5000,10000",
    servers: Annotated[str, typer.Option(help="Which servers.")] = f"{OURS},{PLAIN}",
    workloads: Annotated[str, typer.Option(help="Which workloads.")] = f"{ONE},{MANY},{IDLE}",
    plain_up_to: Annotated[
        int, typer.Option(help="The most subscribers of one inbox for the plain server.")
    ] = 1000,
    many: Annotated[int, typer.Option(help="Subscribers over all inboxes.")] = 1000,
    inboxes: Annotated[int, typer.Option(help="How many inboxes.")] = 200,
    idle: Annotated[int, typer.Option(help="Idle connections.")] = 5000,
    seconds: Annotated[float, typer.Option(help="The length of a slice; a figure is the median of three.")] = 2.0,
    out: Annotated[Path | None, typer.Option(help="A file for the results as JSON.")] = None,
) -> None:
    """Tell many subscribers of one event. Ends with status 1 when one was not told exactly once and in order."""
    plan = Plan(
        servers=_names(servers, {OURS, PLAIN}),
        workloads=_names(workloads, {ONE, MANY, IDLE}),
        subscribers=[int(number) for number in _parts(subscribers, str.isdecimal)],
        plain_up_to=plain_up_to,
        many=many,
        inboxes=inboxes,
        idle=idle,
        seconds=seconds,
    )
    allow_many_files()
    results = uvloop.run(run(plan, Cores.of_this_machine(), _progress))
    typer.echo(f"\n{table(results)}\n")
    if PLAIN in plan.servers and ONE in plan.workloads and max(plan.subscribers) > plain_up_to:
        typer.echo(f"The plain server was given at most {plain_up_to:,} subscribers of one inbox (--plain-up-to).")
    if out is not None:
        out.write_bytes(_json(plan, results))
    wrong = violations(results)
    typer.echo("\n".join(wrong) or "Every subscriber was told every fact exactly once and in order.")
    raise typer.Exit(1 if wrong else 0)


@program.command()
def growth(
    tasks: Annotated[str, typer.Option(help="How many tasks the register has.")] = "10000,1000000,5000000",
    database: Annotated[str, typer.Option(help="Which databases.")] = ",".join(KINDS),
    runs: Annotated[int, typer.Option(help="How often each thing is done.")] = 100,
    out: Annotated[Path | None, typer.Option(help="A file for the figures as JSON.")] = None,
) -> None:
    """Read, search and register in registers of several sizes, in this process, without HTTP.

    Five million tasks take some 20 GB of disk for temporary files, and half an hour for each database.
    """
    sizes = [int(number) for number in _parts(tasks, str.isdecimal)]
    figures: list[Figure] = []
    for kind in _names(database, set(KINDS)):
        with databases_of(kind) as databases:
            for size in sizes:
                figures += uvloop.run(measure(kind, size, runs, databases, _tell))
    typer.echo(f"\n{growth_table(figures)}")
    if out is not None:
        out.write_bytes(orjson.dumps([asdict(figure) for figure in figures], option=orjson.OPT_INDENT_2))


def _tell(figure: Figure) -> None:
    typer.echo(
        f"{figure.database}, {figure.tasks:,}: {figure.what} {figure.p50_ms:.2f} / {figure.p95_ms:.2f}", err=True
    )


def _progress(result: Result) -> None:
    figures = "  ".join(f"{name} {value:.5g}" for name, value in result.figures.items())
    typer.echo(f"{result.workload}, {result.server}: {figures or 'failed'}", err=True)


def _json(plan: Plan, results: list[Result]) -> bytes:
    machine = {"python": platform.python_version(), "system": platform.platform()}
    whole = {"machine": machine, "plan": asdict(plan), "results": [asdict(result) for result in results]}
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2)


def _names(text: str, known: set[str]) -> list[str]:
    return _parts(text, known.__contains__)


def _parts(text: str, is_good: Callable[[str], bool]) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    if bad := [part for part in parts if not is_good(part)]:
        raise typer.BadParameter(f"unknown: {', '.join(bad)}")
    return parts


if __name__ == "__main__":
    program()
