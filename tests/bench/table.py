"""The table: for each workload a row per server, and how ours relates to the plain one."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.fanout import Result
from tests.bench.servers import OURS, PLAIN


@dataclass(frozen=True)
class Column:
    """A figure under its heading; of some there is no ratio."""

    heading: str
    figure: str
    has_ratio: bool = True


COLUMNS = (
    Column("deliveries/s", "deliveries_per_s"),
    Column("deliveries per CPU s", "deliveries_per_cpu_s"),
    Column("p50 ms", "p50_ms"),
    Column("p99 ms", "p99_ms"),
    Column("last ms", "last_ms"),
    Column("KiB per connection", "kib_per_connection"),
    Column("connects per CPU s", "connects_per_cpu_s"),
    Column("server busy", "server_busy", has_ratio=False),
    Column("driver busy", "driver_busy", has_ratio=False),
    Column("others busy", "others_busy", has_ratio=False),
)


def table(results: Sequence[Result]) -> str:
    """The results as a Markdown table."""
    lines = [_line(["subscribers", "server", *(column.heading for column in COLUMNS)])]
    lines.append("|---|---|" + "---:|" * len(COLUMNS))
    for workload in dict.fromkeys(result.workload for result in results):
        rows = {result.server: result for result in results if result.workload == workload}
        lines += [_row(result) for result in rows.values()]
        if OURS in rows and PLAIN in rows:
            lines.append(_ratios(rows[OURS], rows[PLAIN]))
    return "\n".join(lines)


def violations(results: Sequence[Result]) -> list[str]:
    """What must not be, a line each, with the first example of it."""
    return [
        f"{result.workload}, {result.server}: {what}: {times} times, first: {result.examples[what]}"
        for result in results
        for what, times in result.violations.items()
    ]


def _row(result: Result) -> str:
    cells = [_number(result.figures.get(column.figure)) for column in COLUMNS]
    return _line([result.workload, result.server, *cells])


def _ratios(ours: Result, plain: Result) -> str:
    cells = []
    for column in COLUMNS:
        above, below = ours.figures.get(column.figure), plain.figures.get(column.figure)
        cells.append(f"{above / below:.3g}" if column.has_ratio and above is not None and below else "")
    return _line([ours.workload, f"{OURS} : {PLAIN}", *cells])


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
