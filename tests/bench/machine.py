"""The machine: which core runs what, and what servers, driver and everybody else used of it."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

CPU_TICK = 1 / os.sysconf("SC_CLK_TCK")
"""How finely CPU time is told, in seconds; less was used where none is told."""


@dataclass(frozen=True)
class Cores:
    """The core that a server runs on, and the driver's: the same where there is but one."""

    server: int
    driver: int

    @classmethod
    def of_this_machine(cls) -> "Cores":
        """The first two that this process may use. To be asked before it is bound to one of them."""
        first, *more = sorted(os.sched_getaffinity(0))
        return cls(first, more[0] if more else first)

    @contextmanager
    def starting_server(self) -> Iterator[None]:
        """What is started meanwhile stays on the server's core; this process is on the driver's afterwards."""
        os.sched_setaffinity(0, {self.server})
        try:
            yield
        finally:
            os.sched_setaffinity(0, {self.driver})


def allow_many_files() -> None:
    """As many open sockets as the machine lets this process have, and the servers it starts."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@dataclass(frozen=True)
class Used:
    """CPU seconds: of the server, of the driver, and of everybody together."""

    server: float
    driver: float
    everybody: float

    @property
    def others(self) -> float:
        """What neither server nor driver used; what the hypervisor gave to other machines counts as well."""
        return max(0.0, self.everybody - self.server - self.driver)

    def since(self, before: "Used") -> "Used":
        """What was used in between."""
        return Used(self.server - before.server, self.driver - before.driver, self.everybody - before.everybody)


class ProcessTree:
    """A process with all that it started."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)

    def cpu_seconds(self) -> float:
        """The CPU time that its processes used so far."""
        return float(sum(sum(process.cpu_times()[:2]) for process in self._processes()))

    def resident_kib(self) -> float:
        """The memory that its processes hold."""
        return float(sum(process.memory_info().rss for process in self._processes())) / 1024

    def used(self) -> Used:
        """What it, this process and everybody used so far."""
        driver = resource.getrusage(resource.RUSAGE_SELF)
        times = psutil.cpu_times()
        everybody = times.user + times.nice + times.system + times.irq + times.softirq + times.steal
        return Used(self.cpu_seconds(), driver.ru_utime + driver.ru_stime, everybody)

    def _processes(self) -> list[psutil.Process]:
        return [self._root, *self._root.children(recursive=True)]
