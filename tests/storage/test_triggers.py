"""The database has the triggers that stand beside the tables, as they stand there, and no others."""

import re
from collections.abc import Sequence

from app.settings import Settings
from app.storage.schema.triggers import Rang, Trigger, triggers
from tests.support.databases import execute, kind, rows

STANDING = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, pg_get_triggerdef(t.oid) || p.prosrc FROM pg_trigger t "
    "JOIN pg_proc p ON p.oid = tgfoid WHERE NOT tgisinternal",
}


def current(url: str) -> dict[str, str]:
    """The definitions of all triggers by name, whatever their layout."""
    return {name: re.sub(r"\s+", " ", text).replace(" ;", ";") for name, text in rows(url, STANDING[kind(url)])}


FUNCTIONS = "SELECT DISTINCT p.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid WHERE NOT tgisinternal"


def drop_all(url: str) -> None:
    """Drop every trigger, with what it calls."""
    if kind(url) == "sqlite":
        execute(url, *(f"DROP TRIGGER {name}" for name in current(url)))
    else:
        execute(url, *(f"DROP FUNCTION {name} CASCADE" for [name] in rows(url, FUNCTIONS)))


def test_the_triggers_of_a_database_are_those_that_stand_beside_its_tables(settings: Settings) -> None:
    url = settings.database_url
    written: Sequence[Trigger | Rang] = triggers("sqlite" if kind(url) == "sqlite" else "postgresql")
    as_migrated = current(url)
    assert as_migrated.keys() == {trigger.name for trigger in written}
    drop_all(url)
    assert current(url) == {}
    for trigger in written:
        execute(url, *trigger.definition("sqlite" if kind(url) == "sqlite" else "postgresql"))
    assert current(url) == as_migrated
