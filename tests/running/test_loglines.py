"""Lines to a place of their own: none mixed, none lost while there is room, and nobody waits for a slow disk."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.logs.lines import LogLines
from app.settings import Settings
from tests.support.commands import run
from tests.support.people import DEMO_KEY
from tests.support.waiting import until

# Where lines are written has nothing to do with the database.
pytestmark = pytest.mark.database("sqlite")

FULL = "/dev/full"
"""Where nothing can be written, since the disk is full."""


def numbers(path: Path) -> list[int]:
    """The numbers of the lines of a file."""
    return [json.loads(line)["n"] for line in path.read_text().splitlines()]


async def test_lines_are_appended_in_order_and_what_waits_at_the_end_is_written(tmp_path: Path) -> None:
    path = tmp_path / "log"
    for first in (0, 500):
        lines = LogLines(str(path))
        async with lines.running():
            for number in range(first, first + 500):
                lines.write({"n": number})
        assert (lines.written, lines.lost, lines.waiting) == (500, 0, 0)
    assert numbers(path) == list(range(1000))
    assert path.stat().st_mode & 0o007 == 0, "it is nobody else's business"


async def test_a_file_that_is_moved_away_is_gone_on_with_under_its_name(tmp_path: Path) -> None:
    path, rotated = tmp_path / "log", tmp_path / "log.1"
    lines = LogLines(str(path))
    async with lines.running():
        lines.write({"n": 1})
        await until(lambda: lines.written == 1)
        path.rename(rotated)
        lines.write({"n": 2})
    assert (numbers(rotated), numbers(path)) == ([1], [2])


async def test_lines_wait_while_they_cannot_be_written_and_are_written_when_they_can(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "log"
    lines = LogLines(str(path), retry_seconds=0.01)
    async with lines.running():
        lines.write({"n": 1})
        await until(lambda: lines.written == 1)
        path.unlink()
        path.mkdir()
        lines.write({"n": 2})
        lines.write({"n": 3})
        await until(lambda: caplog.records)
        path.rmdir()
    assert numbers(path) == [2, 3]
    assert lines.lost == 0
    assert [record.getMessage().split(", after")[0] for record in caplog.records] == [
        f"{path} cannot be written; trying on (Is a directory)",
        f"{path} can be written again",
    ]


async def test_when_too_many_wait_they_are_lost_and_counted_and_the_ordinary_log_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    lines = LogLines(FULL, most_waiting=10, retry_seconds=60)
    async with lines.running():
        lines.write({"n": 0})
        await until(lambda: caplog.records)
        for number in range(1, 101):
            lines.write({"n": number})
        assert (lines.waiting, lines.lost, lines.written) == (10, 90, 0)
    assert lines.lost == 101
    assert [record.getMessage() for record in caplog.records] == [
        f"{FULL} cannot be written; trying on (No space left on device)",
        f"too many lines wait for {FULL}: from now on they are lost",
        f"101 lines for {FULL} were lost",
    ]


async def test_who_writes_a_line_does_not_wait_for_who_reads_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    lines = LogLines(str(pipe))
    async with lines.running():
        for number in range(5_000):
            # More than a pipe holds.
            lines.write({"n": number, "text": "x" * 100})
        assert lines.waiting > 0
        os.set_blocking(reader, True)
        got: list[int] = []
        taking = threading.Thread(target=lambda: got.extend(_read(reader)))
        taking.start()
    await asyncio.to_thread(taking.join)
    assert got == list(range(5_000))


def _read(reader: int) -> list[int]:
    with open(reader) as stream:
        return [json.loads(line)["n"] for line in stream]


async def test_processes_that_share_a_file_do_not_mix_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "log"
    script = f"""
import asyncio
from app.logs.lines import LogLines

async def main():
    lines = LogLines({str(path)!r})
    async with lines.running():
        for number in range(300):
            lines.write({{"n": number, "ids": ["{"x" * 36}"] * 500}})

asyncio.run(main())
"""
    processes = [await asyncio.create_subprocess_exec(sys.executable, "-c", script) for _ in range(3)]
    assert [await process.wait() for process in processes] == [0, 0, 0]
    assert sorted(numbers(path)) == sorted(3 * list(range(300)))


@pytest.mark.parametrize("room", [0, 1, 20, 89, 90, 91, 150])
def test_on_a_full_disk_a_line_is_written_whole_or_not_at_all(tmp_path: Path, room: int) -> None:
    """The file takes so many bytes, as on a disk that is full, and has room again later. A line has ninety."""
    path, during = tmp_path / "log", tmp_path / "during"
    script = f"""
import asyncio, pathlib, resource
from app.logs.lines import LogLines

async def main():
    lines = LogLines({str(path)!r}, retry_seconds=0.01)
    async with lines.running():
        resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, resource.RLIM_INFINITY))
        for number in range(10):
            lines.write({{"n": number, "text": "x" * 72}})
        while lines.waiting or not lines._outage.lasts:
            await asyncio.sleep(0)
        during = pathlib.Path({str(path)!r}).read_text()
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        pathlib.Path({str(during)!r}).write_text(during)

asyncio.run(main())
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)  # noqa: S603 - our own
    assert numbers(during) == list(range(room // 90))
    assert numbers(path) == list(range(10))


async def test_what_a_killed_process_left_of_a_line_is_not_glued_to_the_next(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text('{"n": 1}\n{"n": 2, "te')
    lines = LogLines(str(path))
    async with lines.running():
        lines.write({"n": 3})
    whole, torn, next_ = path.read_text().splitlines()
    assert torn == '{"n": 2, "te'
    assert [json.loads(line)["n"] for line in (whole, next_)] == [1, 3]


async def test_serve_refuses_a_place_that_cannot_be_written_to(settings: Settings, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "log"
    ran = await run(settings.database_url, "serve", token_demo_key=DEMO_KEY, verwerkingenlog=str(nowhere))
    assert ran.is_one_line("OVERDRACHT_VERWERKINGENLOG", "No such file or directory"), ran
