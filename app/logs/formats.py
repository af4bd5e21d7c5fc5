"""Formatters of log records: JSON lines for machines, or text for people. Both leave out the messages of errors."""

import logging
from datetime import UTC, datetime
from typing import Any

import orjson

from app.logs.ids import request_id, trace_id
from app.logs.redacted import Redacted


class _Formatter(logging.Formatter):
    """The base of both formatters."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        """The time of the record in UTC, to the millisecond (RFC 3339)."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """The traceback of an error, without the error's message."""
        _, error, _ = ei
        if error is None:
            return ""
        redacted = Redacted.of(error)
        return super().formatException((type(redacted), redacted, redacted.__traceback__))

    def message(self, record: logging.LogRecord) -> str:
        """The message of the record."""
        message = record.getMessage()
        if record.name == "asyncio" and record.exc_info:
            # asyncio logs the repr of tasks and callbacks, which holds their arguments and the messages of errors.
            return message.partition("\n")[0].partition("(")[0].partition("<")[0].rstrip()
        return message

    def exception(self, record: logging.LogRecord) -> str:
        """The traceback; empty if there is none. Not from `exc_text`, which another handler may have
        filled.
        """
        return self.formatException(record.exc_info) if record.exc_info else ""

    def ids(self, record: logging.LogRecord) -> dict[str, str]:
        """The ids of the current request and trace, and of an internal error, by name; absent ones are left out."""
        values = {"request_id": request_id.get(), "trace_id": trace_id.get()}
        values["error_id"] = getattr(record, "error_id", None)
        return {name: value for name, value in values.items() if value is not None}


class JsonFormatter(_Formatter):
    """Writes a record as a line of JSON: time, level, logger, message, then any ids and exception."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON, without the newline."""
        line = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": self.message(record).encode(errors="replace").decode(),
            **self.ids(record),
        }
        if exception := self.exception(record):
            line["exception"] = exception
        return orjson.dumps(line).decode()


class TextFormatter(_Formatter):
    """Writes a record as a line of text, followed by the lines of its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text, without the last newline."""
        ids = "".join(f" [{value}]" for name, value in self.ids(record).items() if name != "error_id")
        line = f"{self.formatTime(record)} {record.levelname} {record.name}{ids} {self.message(record)}"
        return "\n".join(part for part in (line, self.exception(record)) if part)


def log_to_stderr(*, as_json: bool, level: str) -> None:
    """Configure logging to stderr for this process: our records from `level` up, those of libraries from WARNING
    up.

    Lower levels of libraries may hold personal data: a database driver logs each statement with its values.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if as_json else TextFormatter())
    logging.basicConfig(level="WARNING" if level in ("DEBUG", "INFO") else level, handlers=[handler], force=True)
    logging.getLogger("app").setLevel(level)
