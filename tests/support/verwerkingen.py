"""Reading the processing log of a server as an auditor does."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.settings import Settings
from tests.support.client import JSON


@dataclass(frozen=True)
class Log:
    """The processing log file of a server with these settings. It is complete when the server has stopped."""

    path: Path
    settings: Settings

    def lines(self, **having: Any) -> list[JSON]:
        """The lines with these values, in order."""
        found = [json.loads(line) for line in self.path.read_text().splitlines()]
        return [line for line in found if having.items() <= {**line, **_flat(line)}.items()]


def log_of(settings: Settings, directory: Path) -> Log:
    """A log file in a directory, with the same settings that name it."""
    path = directory / "verwerkingenlog.jsonl"
    return Log(path, settings.model_copy(update={"verwerkingenlog": str(path)}))


def _flat(line: JSON) -> dict[str, Any]:
    """Values of a line for comparison: lists and objects cannot be in a set of items."""
    return {"velden": "+".join(line.get("velden", ()))} | {
        key: None for key in line if isinstance(line[key], list | dict) and key != "velden"
    }


def readers_of(lines: list[JSON], taak_id: str) -> Iterator[str]:
    """The employees who read a task, found as the README describes."""
    for line in lines:
        if taak_id in line.get("gelezen", {}).get("interneTaken", ()):
            if line["actieNaam"] == "gebeurtenis":
                yield from _followers(lines, line["groep"], line["plaats"])
            else:
                yield line["gebruiker"]


def _followers(lines: list[JSON], groep: str, plaats: int) -> Iterator[str]:
    """The employees in a group who got the fact at this position."""
    for line in lines:
        if line["actieNaam"] == "einde-volgen" and line["groep"] == groep and line["na"] < plaats <= line["tot"]:
            yield line["gebruiker"]
