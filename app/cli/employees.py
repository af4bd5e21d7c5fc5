"""The commands `overdracht employees`: list, move, deactivate and activate."""

from typing import Annotated

import typer

from app.cli.running import on_database
from app.service.organisation import Medewerkers

employees = typer.Typer(
    help="Employees: list, move, deactivate, activate. They are added by logging in.", no_args_is_help=True
)

Who = Annotated[str, typer.Argument(help="The employee's id.")]


@employees.command("list")
def list_() -> None:
    """List every employee who ever logged in: id, whether active, roles, departments, name."""
    for who in on_database(lambda database, writer: Medewerkers(database, writer).all()):
        state = "active" if who.actief else "inactive"
        eenheden = ",".join(eigen.identificatie or eigen.id for eigen in who.eenheden)
        typer.echo(f"{who.medewerker_id}  {state:8}  {','.join(sorted(who.rollen))}  {eenheden}  {who.naam}")


@employees.command()
def move(
    who: Who,
    eenheid: Annotated[
        list[str],
        typer.Argument(help="Their departments from now on, by id or identificatie, their first department first."),
    ],
) -> None:
    """Move an employee to other departments. Their open tasks in departments that they leave are given back."""
    on_database(lambda database, writer: Medewerkers(database, writer).move(who, eenheid))


@employees.command()
def deactivate(who: Who) -> None:
    """Deactivate an employee: they cannot log in, and their open tasks are given back."""
    on_database(lambda database, writer: Medewerkers(database, writer).set_actief(who, actief=False))


@employees.command()
def activate(who: Who) -> None:
    """Activate a deactivated employee, who can then log in again."""
    on_database(lambda database, writer: Medewerkers(database, writer).set_actief(who, actief=True))
