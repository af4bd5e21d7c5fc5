"""The command line: `overdracht`, or `python -m app`."""

import typer

from app.cli import serving
from app.cli.demo import demo
from app.cli.departments import departments
from app.cli.employees import employees
from app.cli.monitoring import monitoring


def build() -> typer.Typer:
    """The program with all its commands."""
    program = typer.Typer(
        name="overdracht",
        help="Overdracht: the live hand-over register of a municipal contact centre.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    program.command()(serving.serve)
    program.command()(serving.migrate)
    program.command()(serving.schema)
    program.command("settings")(serving.describe_settings)
    program.command()(serving.token)
    program.command()(demo)
    program.add_typer(departments, name="departments")
    program.add_typer(employees, name="employees")
    program.add_typer(monitoring, name="monitoring")
    return program


def main() -> None:
    """Run the command line."""
    build()()


if __name__ == "__main__":
    main()
