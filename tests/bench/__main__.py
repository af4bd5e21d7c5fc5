"""The command line of the measurements: `scripts/bench`, also `python -m tests.bench`."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
import uvloop

from tests.bench import asking, fanout, page, results, soak
from tests.bench.asking import INBOX, REGISTER, AskingPlan
from tests.bench.fanout import IDLE, MANY, ONE
from tests.bench.growth import Figure, databases_of, measure
from tests.bench.growth import table as growth_table
from tests.bench.machine import Cores, allow_many_files
from tests.bench.plot import plot as plotted
from tests.bench.results import Result
from tests.bench.servers import OURS, PLAIN
from tests.bench.table import tables
from tests.support.databases import KINDS

program = typer.Typer(
    help="Measures this server beside the plain way of building one.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_HERE = Path(__file__).parent
_DOCS = _HERE.parent.parent / "docs"
_KEPT, _IMAGE = _HERE / "figures.json", _DOCS / "pictures" / "figures.svg"
_INBOXES, _TASKS = 20, 60
"""How many inboxes are read, and how many tasks each has: to register them takes the plain server a while."""
_RIGHT = "Every answer was right, and every subscriber was told every fact exactly once and in order."

Servers = Annotated[str, typer.Option(help="Which servers.")]
Seconds = Annotated[float, typer.Option(help="The length of a slice; a figure is the median of three.")]
Out = Annotated[Path | None, typer.Option(help="A file for the results as JSON.")]
Inboxes = Annotated[int, typer.Option(min=1, help="How many inboxes.")]
Tasks = Annotated[int, typer.Option(min=50, help="How many tasks each of them has.")]
BOTH = f"{OURS},{PLAIN}"


@program.callback()
def bench() -> None:
    """What there is to measure."""


@program.command()
def inbox(
    servers: Servers = BOTH,
    inboxes: Inboxes = _INBOXES,
    tasks: Tasks = _TASKS,
    seconds: Seconds = 2.0,
    out: Out = None,
) -> None:
    """Read the first 50 tasks of an inbox, with all that a row shows."""
    plan = AskingPlan(INBOX, _servers(servers), inboxes, tasks, seconds)
    _end(_measure([plan]), asdict(plan), out)


@program.command()
def register(servers: Servers = BOTH, inboxes: Inboxes = _INBOXES, seconds: Seconds = 2.0, out: Out = None) -> None:
    """Register contacts with a task."""
    plan = AskingPlan(REGISTER, _servers(servers), inboxes, 0, seconds)
    _end(_measure([plan]), asdict(plan), out)


@program.command("fanout")
def fan_out(
    subscribers: Annotated[str, typer.Option(help="Subscribers of one inbox.")] = "1,100,1000,5000,10000",
    servers: Servers = BOTH,
    workloads: Annotated[str, typer.Option(help="Which workloads.")] = f"{ONE},{MANY},{IDLE}",
    plain_up_to: Annotated[
        int, typer.Option(help="The most subscribers of one inbox for the plain server.")
    ] = 1000,
    many: Annotated[int, typer.Option(help="Subscribers over all inboxes.")] = 1000,
    inboxes: Inboxes = 200,
    idle: Annotated[int, typer.Option(help="Idle connections.")] = 5000,
    seconds: Seconds = 2.0,
    out: Out = None,
) -> None:
    """Tell many subscribers of one event. Ends with status 1 when one was not told exactly once and in order."""
    plan = fanout.Plan(
        servers=_servers(servers),
        workloads=_names(workloads, {ONE, MANY, IDLE}),
        subscribers=[int(number) for number in _parts(subscribers, str.isdecimal)],
        plain_up_to=plain_up_to,
        many=many,
        inboxes=inboxes,
        idle=idle,
        seconds=seconds,
    )
    found = _measure([plan])
    if PLAIN in plan.servers and ONE in plan.workloads and max(plan.subscribers) > plain_up_to:
        typer.echo(f"The plain server was given at most {plain_up_to:,} subscribers of one inbox (--plain-up-to).")
    _end(found, asdict(plan), out)


@program.command("all")
def everything(
    seconds: Seconds = 2.0,
    inboxes: Inboxes = 200,
    subscribers: Annotated[str, typer.Option(help="Subscribers of one inbox.")] = "100,1000,5000,10000",
    many: Annotated[int, typer.Option(help="Subscribers over all inboxes.")] = 1000,
    idle: Annotated[int, typer.Option(help="Idle connections.")] = 5000,
    out: Out = None,
    keep: Annotated[
        bool, typer.Option(help="Keep the figures and their plot, and put them into docs/measurements.md.")
    ] = False,
) -> None:
    """Measure everything on both servers: inbox, register, fanout. Some ten minutes."""
    numbers = [int(number) for number in _parts(subscribers, str.isdecimal)]
    servers = [OURS, PLAIN]
    plans: list[AskingPlan | fanout.Plan] = [
        AskingPlan(INBOX, servers, min(inboxes, _INBOXES), _TASKS, seconds),
        AskingPlan(REGISTER, servers, min(inboxes, _INBOXES), 0, seconds),
        fanout.Plan(servers, [ONE, MANY, IDLE], numbers, 1000, many, inboxes, idle, seconds),
    ]
    found = _measure(plans)
    if keep:
        results.write(_KEPT, [asdict(plan) for plan in plans], found)
        _IMAGE.write_text(plotted(found))
        page.put(_DOCS / "measurements.md", tables(found))
    _end(found, [asdict(plan) for plan in plans], out)


@program.command()
def plot(
    figures: Annotated[Path, typer.Argument(help="The results of a run as JSON.")] = _KEPT,
    image: Annotated[Path, typer.Argument(help="The image, as SVG.")] = _IMAGE,
) -> None:
    """Draw the figures of a run."""
    image.write_text(plotted(results.read(figures)))


def _measure(plans: Sequence[AskingPlan | fanout.Plan]) -> list[Result]:
    """What each plan comes to, one after the other; printed as tables."""
    allow_many_files()
    cores = Cores.of_this_machine()
    found: list[Result] = []
    for plan in plans:
        running: Awaitable[list[Result]] = (
            asking.run(plan, cores, _progress)
            if isinstance(plan, AskingPlan)
            else fanout.run(plan, cores, _progress)
        )
        found += uvloop.run(_awaited(running))
    typer.echo(f"\n{tables(found)}\n")
    return found


async def _awaited(running: Awaitable[list[Result]]) -> list[Result]:
    return await running


def _end(found: Sequence[Result], plan: Any, out: Path | None) -> None:
    """Write the results, and end with status 1 where something was not as it must be."""
    if out is not None:
        results.write(out, plan, found)
    wrong = results.violations(found)
    typer.echo("\n".join(wrong) or _RIGHT)
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


@program.command("soak")
def soaked(
    minutes: Annotated[float, typer.Option(help="How long.")] = 20.0,
    parts: Annotated[str, typer.Option(help="What wears it.")] = ",".join(soak.PARTS),
    idle: Annotated[int, typer.Option(help="How many sockets follow an inbox all the time.")] = 0,
    every: Annotated[float, typer.Option(help="After how many seconds it is told again how it stands.")] = 60.0,
) -> None:
    """Wear this server with documents that differ, subscribers that come and go, and registrations.

    Tells each minute how much memory it holds and how long its event loop stood still at most. Ends with status 1
    when an answer was wrong.
    """
    allow_many_files()
    plan = soak.SoakPlan(_names(parts, set(soak.PARTS)), minutes, every, idle)
    ledger = uvloop.run(soak.run(plan, Cores.of_this_machine(), lambda current: typer.echo(str(current))))
    wrong = [f"{what}: {times} times, first: {ledger.examples[what]}" for what, times in ledger.violations.items()]
    typer.echo("\n".join(wrong) or "Every answer was right.")
    raise typer.Exit(1 if wrong else 0)


def _tell(figure: Figure) -> None:
    typer.echo(
        f"{figure.database}, {figure.tasks:,}: {figure.what} {figure.p50_ms:.2f} / {figure.p95_ms:.2f}", err=True
    )


def _progress(result: Result) -> None:
    figures = "  ".join(f"{name} {value:.5g}" for name, value in result.figures.items())
    typer.echo(f"{result.workload}, {result.server}: {figures or 'failed'}", err=True)


def _servers(text: str) -> list[str]:
    return _names(text, {OURS, PLAIN})


def _names(text: str, known: set[str]) -> list[str]:
    return _parts(text, known.__contains__)


def _parts(text: str, is_good: Callable[[str], bool]) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    if bad := [part for part in parts if not is_good(part)]:
        raise typer.BadParameter(f"unknown: {', '.join(bad)}")
    return parts


if __name__ == "__main__":
    program()
