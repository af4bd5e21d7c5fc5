"""The parts that need only the settings, for the server and for the command line."""

import logging
from dataclasses import dataclass
from pathlib import Path

from app.access.keys import Keys
from app.live.bus import Bus
from app.live.hub import Hub
from app.live.relay import Relay
from app.logs.lines import LogLines
from app.monitoring.monitoring import Monitoring
from app.service.committed_records import RecentCommits
from app.service.following import Following
from app.service.presence import Presence
from app.settings import Settings, SettingsWrong
from app.storage.engine.database import Database
from app.storage.engine.transaction import Waited
from app.wiring.login import token_keys
from app.wiring.monitoring import open_monitoring

log = logging.getLogger(__name__)


def open_database(settings: Settings, **watched: Waited) -> Database:
    """The configured database; it connects when it is first used."""
    return Database(
        settings.database_url,
        readers=settings.database_readers,
        synchronous=settings.sqlite_synchronous,
        wait_seconds=settings.database_wait_seconds,
        **watched,
    )


@dataclass(frozen=True, slots=True)
class Live:
    """The parts that deliver facts to subscribers in this process."""

    bus: Bus
    hub: Hub
    relay: Relay
    following: Following
    presence: Presence


def open_live(settings: Settings, database: Database) -> Live:
    """Create the parts that deliver facts to subscribers; they connect when they run."""
    bus = Bus(
        settings.broker_url,
        beat_seconds=settings.bus_beat_seconds,
        deaf_seconds=settings.bus_deaf_seconds,
        retry_seconds=settings.bus_retry_seconds,
    )
    following = Following(database, max_behind=settings.max_behind, head=lambda stream: hub.head(stream))
    hub = Hub(following.facts_after, retry_seconds=settings.poll_seconds)
    relay = Relay(bus, hub, following.ends, poll_seconds=settings.poll_seconds)
    presence = Presence(
        database, renew_seconds=settings.presence_renew_seconds, void_seconds=settings.presence_void_seconds
    )
    return Live(bus, hub, relay, following, presence)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a server that everything else uses."""

    settings: Settings
    keys: Keys
    monitoring: Monitoring
    database: Database
    lines: LogLines | None
    """The writer of the processing log; None if it is switched off."""
    live: Live
    recent: RecentCommits


def open_parts(settings: Settings, workers: Path | None) -> Parts:
    """Create the parts. `workers` is a directory shared by the serving processes; None for a single one."""
    keys = token_keys(settings)
    monitoring = open_monitoring(settings, workers)
    database = open_database(settings, waited=monitoring.recorder.waited)
    lines = verwerkingenlog_lines(settings)
    live = open_live(settings, database)
    return Parts(
        settings, keys, monitoring, database, lines, live, RecentCommits(keep_seconds=settings.poll_seconds)
    )


def verwerkingenlog_lines(settings: Settings) -> LogLines | None:
    """The writer of the processing log; None if it is off. Raises `SettingsWrong` if its file is not
    writable.
    """
    if settings.verwerkingenlog == "uit":
        log.warning("nobody writes down who reads and changes what: OVERDRACHT_VERWERKINGENLOG is uit")
        return None
    lines = LogLines(settings.verwerkingenlog)
    try:
        lines.check()
    except OSError as error:
        raise SettingsWrong(
            f"OVERDRACHT_VERWERKINGENLOG: {settings.verwerkingenlog} cannot be written: {error.strerror}."
        ) from None
    return lines
