"""The commands that print files for external monitoring: a Grafana dashboard, and alert rules for Prometheus."""

from importlib.resources import files

import typer

monitoring = typer.Typer(help="Files for Grafana and Prometheus: dashboard, alerts.", no_args_is_help=True)


@monitoring.command()
def dashboard() -> None:
    """Print a Grafana dashboard (JSON)."""
    typer.echo(_shipped("dashboard.json"), nl=False)


@monitoring.command()
def alerts() -> None:
    """Print alert rules for Prometheus (YAML)."""
    typer.echo(_shipped("alerts.yml"), nl=False)


def _shipped(name: str) -> str:
    return files("app").joinpath("monitoring", name).read_text()
