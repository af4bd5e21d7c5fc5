"""The command line in a separate process."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support.client import PATIENCE
from tests.support.forks import Fork, fork

ROOT = Path(__file__).parent.parent.parent
"""The directory of the repository."""


@dataclass(frozen=True)
class Ran:
    """The exit code and the output of a command."""

    code: int | None
    out: str
    err: str

    def is_one_line(self, *words: str) -> bool:
        """Whether it failed with code 1, printed one line on stderr with these words, and nothing else."""
        failed = self.code == 1 and self.out == ""
        return failed and self.err.find("\n") == len(self.err) - 1 > 0 and all(word in self.err for word in words)


async def start(url: str, *args: str, **variables: str) -> Fork:
    """Start a command on the database at a URL, in a separate process.

    `variables` are other settings, in lower case and without the prefix; no others are set.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("OVERDRACHT_")}
    given = {"database_url": url} | variables
    env |= {f"OVERDRACHT_{name.upper()}": value for name, value in given.items()}
    return await fork(args, env, ROOT)


async def run_anew(*args: str) -> Ran:
    """Run a command in a new Python process, as outside of tests; without any settings."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("OVERDRACHT_")}
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "app", *args)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=env, stdout=pipe, stderr=pipe)
    out, err = await asyncio.wait_for(process.communicate(), 3 * PATIENCE)
    return Ran(process.returncode, out.decode(), err.decode())


async def run(url: str, *args: str, **variables: str) -> Ran:
    """Run a command until it ends."""
    process = await start(url, *args, **variables)
    out, err = await asyncio.wait_for(process.communicate(), 3 * PATIENCE)
    return Ran(process.returncode, out.decode(), err.decode())
