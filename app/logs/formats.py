"""How records are written: as a line of JSON for machines, or as text for people. Neither tells what errors say."""

import logging
from datetime import UTC, datetime
from typing import Any

import orjson

from app.logs.ids import request_id, trace_id
from app.logs.redacted import Redacted


class _Formatter(logging.Formatter):
    """Writes what every format shares."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        """When, in UTC (RFC 3339)."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """The traceback of an error, without what the error says."""
        _, error, _ = ei
        if error is None:
            return ""
        quiet = Redacted.of(error)
        return super().formatException((type(quiet), quiet, quiet.__traceback__))

    def said(self, record: logging.LogRecord) -> str:
        """What the record says."""
        message = record.getMessage()
        if record.name == "asyncio" and record.exc_info:
            # asyncio shows tasks and calls as Python does: with their arguments and with what errors say.
            return message.partition("\n")[0].partition("(")[0].partition("<")[0].rstrip()
        return message

    def exception(self, record: logging.LogRecord) -> str:
        """The traceback; empty where there is none. It is never taken from what another handler wrote."""
        return self.formatException(record.exc_info) if record.exc_info else ""

    def ids(self, record: logging.LogRecord) -> dict[str, str]:
        """The ids that the record is under: those of what is served now, and of an internal error."""
        found = {"request_id": request_id.get(), "trace_id": trace_id.get()}
        found["error_id"] = getattr(record, "error_id", None)
        return {name: value for name, value in found.items() if value is not None}


class JsonFormatter(_Formatter):
    """A line of JSON: time, level, logger, message, then ids and exception where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        line = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": self.said(record).encode(errors="replace").decode(),
            **self.ids(record),
        }
        if exception := self.exception(record):
            line["exception"] = exception
        return orjson.dumps(line).decode()


class TextFormatter(_Formatter):
    """A line of text, with the traceback on the lines after it."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        ids = "".join(f" [{value}]" for name, value in self.ids(record).items() if name != "error_id")
        line = f"{self.formatTime(record)} {record.levelname} {record.name}{ids} {self.said(record)}"
        return "\n".join(part for part in (line, self.exception(record)) if part)


def log_to_stderr(*, as_json: bool, level: str) -> None:
    """Have what is logged in this process written to stderr: ours from a level on, of libraries warnings and worse.

    What they say below that may hold anything: a driver shows each statement with its values.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if as_json else TextFormatter())
    logging.basicConfig(level="WARNING" if level in ("DEBUG", "INFO") else level, handlers=[handler], force=True)
    logging.getLogger("app").setLevel(level)
