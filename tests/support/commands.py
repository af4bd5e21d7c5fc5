"""The command line as a process of its own."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support.client import PATIENCE
from tests.support.forks import Fork, fork

ROOT = Path(__file__).parent.parent.parent
"""The repository."""


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it printed."""

    code: int | None
    out: str
    err: str

    def is_one_line(self, *words: str) -> bool:
        """Whether it failed with one line on stderr that has these words, and printed nothing else."""
        failed = self.code == 1 and self.out == ""
        return failed and self.err.find("\n") == len(self.err) - 1 > 0 and all(word in self.err for word in words)


async def start(url: str, *args: str, **variables: str) -> Fork:
    """A command on the database at a URL, in a process of its own.

    `variables` are further settings, in lower case and without the prefix; no other is set.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("OVERDRACHT_")}
    given = {"database_url": url} | variables
    env |= {f"OVERDRACHT_{name.upper()}": value for name, value in given.items()}
    return await fork(args, env, ROOT)


async def run_anew(*args: str) -> Ran:
    """A command as it is given outside of tests, where the program is not imported yet; without any setting."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("OVERDRACHT_")}
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "app", *args)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=env, stdout=pipe, stderr=pipe)
    out, err = await asyncio.wait_for(process.communicate(), 3 * PATIENCE)
    return Ran(process.returncode, out.decode(), err.decode())


async def run(url: str, *args: str, **variables: str) -> Ran:
    """A command, run to its end."""
    process = await start(url, *args, **variables)
    out, err = await asyncio.wait_for(process.communicate(), 3 * PATIENCE)
    return Ran(process.returncode, out.decode(), err.decode())
