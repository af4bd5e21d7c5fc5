"""The monitoring of a server, as its settings say, and its endpoints: /livez, /readyz, /metrics."""

import logging
from pathlib import Path

from starlette.routing import Route

from app.access.keys import Keys
from app.common.outage import LoggableError, Outage
from app.live.bus import Bus
from app.monitoring.health import Check, Liveness, Readiness, State
from app.monitoring.metrics import Metrics
from app.monitoring.monitoring import Monitoring, TracingUnavailable
from app.settings import Settings, SettingsWrong
from app.storage.engine.database import Database
from app.storage.engine.probing import WriteProbe
from app.storage.migrations.compatibility import DatabaseVerouderd, Program
from app.storage.migrations.migrate import is_newer, is_reachable

log = logging.getLogger(__name__)

LIVE_PATH = "/livez"
READY_PATH = "/readyz"
METRICS_PATH = "/metrics"
PATHS = (LIVE_PATH, READY_PATH, METRICS_PATH)


def open_monitoring(settings: Settings, workers: Path | None) -> Monitoring:
    """Create metrics and traces. `workers` is a directory shared by the serving processes on one port; None for a
    single process. It is not used without a token for metrics, because then nobody can read them.
    """
    try:
        directory = workers if settings.metrics_token else None
        return Monitoring(otlp_endpoint=settings.otlp_endpoint, directory=directory)
    except TracingUnavailable as error:
        raise SettingsWrong(f"OVERDRACHT_OTLP_ENDPOINT: {error}.") from None


def open_readiness(settings: Settings, database: Database, bus: Bus, keys: Keys) -> Readiness:
    """Create the readiness endpoint, with its checks.

    A database that accepts no writes has failed. Without the hint bus the server is degraded, because the poll
    still delivers facts. Without the issuer it is degraded as long as the cached keys are valid; without keys it
    has failed, because nobody can log in.
    """

    async def hears() -> State:
        return "ok" if bus.hears else "degraded"

    async def has_keys() -> State:
        return "failed" if not keys.current else "ok" if keys.answers else "degraded"

    checks: dict[str, Check] = {
        "database": _usable(settings, database),
        "migrations": _migrated(database),
        "bus": hears,
        "keys": has_keys,
    }
    return Readiness(checks, within_seconds=settings.ready_seconds, keep_seconds=settings.ready_keep_seconds)


def _usable(settings: Settings, database: Database) -> Check:
    """A check whether the database is reachable and accepts writes."""
    try_to_write = WriteProbe(database, settings.database_url)

    async def usable() -> State:
        reachable = await is_reachable(database)
        if not database.availability.wrote_within(settings.ready_keep_seconds):
            await try_to_write()
        return "ok" if reachable else "failed"

    return usable


def _migrated(database: Database) -> Check:
    """A check whether this program may use the database's schema; degraded if that is newer than the
    program.
    """
    program = Program()
    refused = Outage(
        log,
        "this program may not serve the database any more",
        "this program may serve the database again",
        trace=False,
    )

    async def migrated() -> State:
        try:
            newer = await is_newer(database, program)
        except DatabaseVerouderd as error:
            refused.failed(LoggableError(str(error)))
            return "failed"
        refused.over()
        return "degraded" if newer else "ok"

    return migrated


def routes(settings: Settings, monitoring: Monitoring, readiness: Readiness) -> list[Route]:
    """The routes of the monitoring endpoints. /metrics exists only if the settings have a token for it."""
    health = [Route(LIVE_PATH, Liveness(), methods=["GET"]), Route(READY_PATH, readiness, methods=["GET"])]
    token = settings.metrics_token
    return [*health, Route(METRICS_PATH, Metrics(token, monitoring.families))] if token else health
