"""The command demo."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from app.cli.running import said_plainly
from app.demo.run import run


def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port on loopback; 0 for any free one.")] = 8000,
    data: Annotated[Path, typer.Option(help="The directory for its database and demo.json.")] = Path("demo-data"),
) -> None:
    """Fill an embedded database, play case C0534 once through the API, and keep serving."""
    try:
        with said_plainly():
            asyncio.run(run(data, port))
    except KeyboardInterrupt:
        typer.echo("Stopped.")
