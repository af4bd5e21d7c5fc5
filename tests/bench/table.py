"""The table: for each workload a row per server, and how ours relates to the plain one."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.results import Result
from tests.bench.servers import OURS, PLAIN


@dataclass(frozen=True)
class Column:
    """A figure under its heading; of some there is no ratio."""

    heading: str
    figure: str
    has_ratio: bool = True


_BUSY = (
    Column("server busy", "server_busy", has_ratio=False),
    Column("driver busy", "driver_busy", has_ratio=False),
    Column("others busy", "others_busy", has_ratio=False),
)

REQUESTS = (
    Column("requests/s", "requests_per_s"),
    Column("CPU µs per request", "cpu_us_per_request"),
    Column("p50 ms, alone", "alone_p50_ms"),
    Column("p99 ms, alone", "alone_p99_ms"),
    Column("p50 ms", "p50_ms"),
    Column("p99 ms", "p99_ms"),
    *_BUSY,
)
"""Of requests."""

FANOUT = (
    Column("deliveries/s", "deliveries_per_s"),
    Column("deliveries per CPU s", "deliveries_per_cpu_s"),
    Column("p50 ms", "p50_ms"),
    Column("p99 ms", "p99_ms"),
    Column("last ms", "last_ms"),
    Column("KiB per connection", "kib_per_connection"),
    Column("connects per CPU s", "connects_per_cpu_s"),
    *_BUSY,
)
"""Of fan-out."""


def table(results: Sequence[Result], first: str, columns: Sequence[Column]) -> str:
    """The results as a Markdown table; `first` is the heading over the workloads."""
    lines = [_line([first, "server", *(column.heading for column in columns)])]
    lines.append("|---|---|" + "---:|" * len(columns))
    for workload in dict.fromkeys(result.workload for result in results):
        rows = {result.server: result for result in results if result.workload == workload}
        lines += [_row(result, columns) for result in rows.values()]
        if OURS in rows and PLAIN in rows:
            lines.append(_ratios(rows[OURS], rows[PLAIN], columns))
    return "\n".join(lines)


def tables(results: Sequence[Result]) -> str:
    """All results: requests in one table, fan-out in another."""
    asked = [result for result in results if "requests_per_s" in result.figures]
    told = [result for result in results if result not in asked]
    found = [("requests", asked, REQUESTS), ("subscribers", told, FANOUT)]
    return "\n\n".join(table(some, first, columns) for first, some, columns in found if some)


def _row(result: Result, columns: Sequence[Column]) -> str:
    cells = [_number(result.figures.get(column.figure)) for column in columns]
    return _line([result.workload, result.server, *cells])


def _ratios(ours: Result, plain: Result, columns: Sequence[Column]) -> str:
    cells = []
    for column in columns:
        above, below = ours.figures.get(column.figure), plain.figures.get(column.figure)
        cells.append(f"{above / below:.3g}" if column.has_ratio and above is not None and below else "")
    return _line([ours.workload, f"{OURS} : {PLAIN}", *cells])


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
