"""Capturing what is logged, by any library."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class _Keeping(logging.Handler):
    """Collects log records as text."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.said: list[str] = []
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Collect a record with its traceback."""
        self.said.append(self.format(record))


@contextmanager
def kept(level: int = logging.WARNING) -> Iterator[list[str]]:
    """Collect what is logged inside this context with this level or higher, including tracebacks.

    Enter it when the server runs: uvicorn's loggers do not propagate, and are configured again when it starts.
    """
    keeping = _Keeping(level)
    known = [one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    listened = [logging.root, *(one for one in known if not one.propagate)]
    for logger in listened:
        logger.addHandler(keeping)
    try:
        yield keeping.said
    finally:
        for logger in listened:
            logger.removeHandler(keeping)


@contextmanager
def nothing_wrong_is_logged(level: int = logging.WARNING) -> Iterator[None]:
    """Fail if anything is logged inside this context with this level or higher."""
    with kept(level) as said:
        yield
    assert not said, said
