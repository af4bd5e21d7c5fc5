"""The processing log of a server, read as an auditor reads it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.settings import Settings
from tests.support.client import JSON


@dataclass(frozen=True)
class Log:
    """A file that a server writes to, whose settings these are. It is whole when the server has stopped."""

    path: Path
    settings: Settings

    def lines(self, **having: Any) -> list[JSON]:
        """Every line, in order; of those that have certain values."""
        found = [json.loads(line) for line in self.path.read_text().splitlines()]
        return [line for line in found if having.items() <= {**line, **_flat(line)}.items()]


def log_of(settings: Settings, directory: Path) -> Log:
    """A log in a directory, and the same settings with it."""
    path = directory / "verwerkingenlog.jsonl"
    return Log(path, settings.model_copy(update={"verwerkingenlog": str(path)}))


def _flat(line: JSON) -> dict[str, Any]:
    """What a line is looked up by; lists cannot be compared as items."""
    return {"velden": "+".join(line.get("velden", ()))} | {
        key: None for key in line if isinstance(line[key], list | dict) and key != "velden"
    }


def readers_of(lines: list[JSON], taak_id: str) -> Iterator[str]:
    """Who read a task, as docs/processing-log.md says how to find them."""
    for line in lines:
        if taak_id in line.get("gelezen", {}).get("interneTaken", ()):
            if line["actieNaam"] == "gebeurtenis":
                yield from _followers(lines, line["groep"], line["plaats"])
            else:
                yield line["gebruiker"]


def _followers(lines: list[JSON], groep: str, plaats: int) -> Iterator[str]:
    """Who was given the fact at a place, in a group."""
    for line in lines:
        if line["actieNaam"] == "einde-volgen" and line["groep"] == groep and line["na"] < plaats <= line["tot"]:
            yield line["gebruiker"]
