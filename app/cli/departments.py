"""The commands that manage departments."""

from typing import Annotated

import typer

from app.cli.running import on_database
from app.domain.organisation import NieuweEenheid
from app.service.organisation import Eenheden

departments = typer.Typer(help="Departments: list, add, rename, deactivate, activate.", no_args_is_help=True)

Named = Annotated[str, typer.Argument(help="The department, by id or identificatie.")]


@departments.command("list")
def list_() -> None:
    """List every department: id, identificatie, whether it is active, name."""
    for eenheid in on_database(lambda database, writer: Eenheden(database, writer).all()):
        state = "active" if eenheid.actief else "inactive"
        typer.echo(f"{eenheid.id}  {eenheid.identificatie or '-':20}  {state:8}  {eenheid.naam}")


@departments.command()
def add(
    name: Annotated[str, typer.Argument(help="Its name, 1 to 200 code points.")],
    identificatie: Annotated[
        str | None, typer.Option(help="The organisation's own unique key for it, at most 40 code points.")
    ] = None,
) -> None:
    """Add a department and print its id."""
    eenheid = NieuweEenheid(name, identificatie)
    typer.echo(on_database(lambda database, writer: Eenheden(database, writer).add(eenheid)).id)


@departments.command()
def rename(named: Named, name: Annotated[str, typer.Argument(help="Its new name.")]) -> None:
    """Rename a department."""
    on_database(lambda database, writer: Eenheden(database, writer).rename(named, name))


@departments.command()
def deactivate(named: Named) -> None:
    """Deactivate a department: it receives no new tasks, and its employees cannot log in."""
    on_database(lambda database, writer: Eenheden(database, writer).set_actief(named, actief=False))


@departments.command()
def activate(named: Named) -> None:
    """Activate a deactivated department again."""
    on_database(lambda database, writer: Eenheden(database, writer).set_actief(named, actief=True))
