"""The command line as a process of its own."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support.client import PATIENCE

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


async def start(url: str, *args: str, **variables: str) -> asyncio.subprocess.Process:
    """A command on the database at a URL, in a process of its own.

    `variables` are further settings, in lower case and without the prefix; no other is set.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("OVERDRACHT_")}
    given = {"database_url": url} | variables
    env |= {f"OVERDRACHT_{name.upper()}": value for name, value in given.items()}
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "app", *args)
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=env, stdout=pipe, stderr=pipe)


async def run(url: str, *args: str, **variables: str) -> Ran:
    """A command, run to its end."""
    process = await start(url, *args, **variables)
    out, err = await asyncio.wait_for(process.communicate(), 3 * PATIENCE)
    return Ran(process.returncode, out.decode(), err.decode())
