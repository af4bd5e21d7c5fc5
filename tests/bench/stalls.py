"""How long a server answers nobody, as a process of its own finds: one request after the other, all the time."""

import gc
import http.client
import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.sharedctypes import Synchronized
from typing import Self

_PAUSE_SECONDS = 0.005


class Stalls:
    """Asks a server whether it lives, in another process, while this is open."""

    def __init__(self, port: int) -> None:
        starting = multiprocessing.get_context("spawn")
        self._longest: Synchronized[float] = starting.Value("d", 0.0)
        self._process = starting.Process(target=_probe, args=(port, self._longest), daemon=True)

    def longest(self) -> float:
        """The longest that it waited for an answer, in seconds, since this was asked before."""
        with self._longest.get_lock():
            found, self._longest.value = self._longest.value, 0.0
        return found

    def __enter__(self) -> Self:
        self._process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()


def _probe(port: int, longest: "Synchronized[float]") -> None:
    # It must not stand still itself.
    gc.disable()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    _ask(connection)
    while True:
        time.sleep(_PAUSE_SECONDS)
        took = _timed(lambda: _ask(connection))
        with longest.get_lock():
            longest.value = max(longest.value, took)


def _ask(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/livez")
    connection.getresponse().read()


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
