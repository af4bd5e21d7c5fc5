"""What is logged meanwhile, by whichever library."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class _Keeping(logging.Handler):
    """Keeps what is logged, in words."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.said: list[str] = []
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record, with its traceback."""
        self.said.append(self.format(record))


@contextmanager
def kept(level: int = logging.WARNING) -> Iterator[list[str]]:
    """What is logged meanwhile that is of this level or worse, each with its traceback where it has one.

    Entered when the server runs: uvicorn's loggers hand nothing on to others, and are set anew when it starts.
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
    """Nothing may be logged meanwhile that is of this level or worse, with a traceback or without."""
    with kept(level) as said:
        yield
    assert not said, said
