"""The demo."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from app.cli.running import said_plainly
from app.demo.run import run


def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port on loopback; 0 for any free one.")] = 8000,
    data: Annotated[Path, typer.Option(help="The directory of its database and of demo.json.")] = Path("demo-data"),
) -> None:
    """Fill an embedded database, play case C0534 once through the API, and go on serving."""
    try:
        with said_plainly():
            asyncio.run(run(data, port))
    except KeyboardInterrupt:
        typer.echo("Stopped.")
