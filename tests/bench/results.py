"""What a run of the measurements came to, and its form as JSON."""

import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

Figures = dict[str, float]
"""Figures by name."""


@dataclass(frozen=True)
class Result:
    """What a workload came to on a server."""

    workload: str
    server: str
    figures: Figures = field(default_factory=dict)
    violations: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)


def violations(results: Sequence[Result]) -> list[str]:
    """What must not be, a line each, with the first example of it."""
    return [
        f"{result.workload}, {result.server}: {what}: {times} times, first: {result.examples[what]}"
        for result in results
        for what, times in result.violations.items()
    ]


def write(path: Path, plan: Any, results: Sequence[Result]) -> None:
    """Write results with their plan, and with what machine they are of, as JSON."""
    machine = {"python": platform.python_version(), "system": platform.platform()}
    whole = {"machine": machine, "plan": plan, "results": [asdict(result) for result in results]}
    path.write_bytes(orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def read(path: Path) -> list[Result]:
    """The results in a file."""
    return [Result(**result) for result in orjson.loads(path.read_bytes())["results"]]
