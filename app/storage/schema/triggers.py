"""The triggers of an up-to-date database: what changes automatically when a row is written.

Migrations create them. To change a trigger, change it here and in a new migration; a test compares the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.storage.schema.tables import SEARCHED
from app.storage.sql.prepared import DatabaseKind

_COPIED = (
    "klantcontact_id",
    "geregistreerd_op",
    "wachtend_sinds",
    "status",
    "rang",
    "gedaan_op",
    "contact_geregistreerd_op",
)
_COLUMNS = ", ".join(("taak_id", "eenheid_id", *_COPIED))
_OF_TAAK = ", ".join(f"{{taak}}.{name}" for name in _COPIED)
_CHANGED = (
    "NEW.status <> OLD.status OR NEW.rang <> OLD.rang OR coalesce(NEW.gedaan_op, '') <> coalesce(OLD.gedaan_op, '')"
)
_WITHDRAWN_FIRST = "NEW.status = 'GEDAAN' AND NEW.rang = 0"


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger: what the database does (`deed`) after a row of a table is written, if the condition `when`
    holds.
    """

    name: str
    event: str
    when: str
    deed: str

    def definition(self, kind: DatabaseKind) -> Sequence[str]:
        """The statements that create the trigger."""
        if kind == "sqlite":
            when = f" WHEN {self.when}" if self.when else ""
            return [f"CREATE TRIGGER {self.name} AFTER {self.event}{when} BEGIN {self.deed}; END"]
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql "
            f"AS $$ BEGIN {self.deed}; RETURN NULL; END $$",
            f"CREATE TRIGGER {self.name} AFTER {self.event} FOR EACH ROW WHEN ({self.when}) "
            f"EXECUTE FUNCTION {self.name}()",
        ]


INZAGE_BY_CONTACT = Trigger(
    "inzage_by_contact",
    "INSERT ON interne_taak",
    "TRUE",
    f"INSERT INTO inzage ({_COLUMNS}) SELECT NEW.id, k.eenheid_id, {_OF_TAAK.format(taak='NEW')} "  # noqa: S608
    "FROM klantcontact k WHERE k.id = NEW.klantcontact_id AND k.eenheid_id <> NEW.geregistreerd_door_eenheid_id",
)
"""The department that registered a klantcontact may see every task that results from it."""

INZAGE_BY_FORWARD = Trigger(
    "inzage_by_forward",
    "INSERT ON gebeurtenis",
    "NEW.soort = 'DOORGESTUURD'",
    f"INSERT INTO inzage ({_COLUMNS}) SELECT t.id, NEW.eenheid_id, {_OF_TAAK.format(taak='t')} "  # noqa: S608
    "FROM interne_taak t WHERE t.id = NEW.taak_id ON CONFLICT DO NOTHING",
)
"""A department may still see a task after forwarding it."""

INZAGE_ALONG = Trigger(
    "inzage_along",
    "UPDATE ON interne_taak",
    _CHANGED,
    "UPDATE inzage SET status = NEW.status, rang = NEW.rang, gedaan_op = NEW.gedaan_op WHERE taak_id = NEW.id",
)
"""Copies the columns that lists are ordered by to the rows of the departments that see the task outside their
inbox.
"""


@dataclass(frozen=True, slots=True)
class Rang:
    """A trigger that sets `rang` to 1 for finished tasks: programs older than migration 0006 leave withdrawn tasks
    at 0, among those that go first.
    """

    table: str

    @property
    def name(self) -> str:
        """The name of the trigger."""
        return f"{self.table}_rang"

    def definition(self, kind: DatabaseKind) -> Sequence[str]:
        """The statements that create the trigger. On PostgreSQL both tables share its function."""
        if kind == "sqlite":
            deed = f"UPDATE {self.table} SET rang = 1 WHERE rowid = NEW.rowid"  # noqa: S608 - names of our own
            event = f"AFTER UPDATE ON {self.table} WHEN {_WITHDRAWN_FIRST}"
            return [f"CREATE TRIGGER {self.name} {event} BEGIN {deed}; END"]
        return [
            "CREATE OR REPLACE FUNCTION rang_of_gedaan() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN NEW.rang := 1; RETURN NEW; END $$",
            f"CREATE TRIGGER {self.name} BEFORE UPDATE ON {self.table} FOR EACH ROW WHEN ({_WITHDRAWN_FIRST}) "
            "EXECUTE FUNCTION rang_of_gedaan()",
        ]


def _numbered(table: str) -> Trigger:
    """A trigger that gives each row a number, by which SQLite's full-text index identifies it."""
    deed = f"INSERT INTO {table}_zoekregel (id) VALUES (NEW.id)"  # noqa: S608 - names of our own
    return Trigger(f"{table}_numbered", f"INSERT ON {table}", "", deed)


def _indexed(table: str) -> Trigger:
    """A trigger that adds the words of a whole batch of rows to SQLite's full-text index."""
    words = (
        f"INSERT INTO {table}_woorden (rowid, woorden) SELECT nr, zoekwoorden FROM {table}_zoekregel "  # noqa: S608
        f"JOIN {table} USING (id) WHERE nr > NEW.nr - {INDEXED_AT_ONCE} ORDER BY nr"
    )
    when = f"NEW.nr % {INDEXED_AT_ONCE} = 0"
    return Trigger(f"{table}_indexed", f"INSERT ON {table}_zoekregel", when, words)


INDEXED_AT_ONCE = 128
"""The batch size, in rows, for SQLite's full-text index. Batches take a quarter of the time of single rows."""


def triggers(kind: DatabaseKind) -> Sequence[Trigger | Rang]:
    """All triggers for a kind of database."""
    every: list[Trigger | Rang] = [
        INZAGE_BY_CONTACT,
        INZAGE_BY_FORWARD,
        INZAGE_ALONG,
        Rang("interne_taak"),
        Rang("inzage"),
    ]
    if kind == "postgresql":
        return every
    return [*every, *map(_numbered, SEARCHED), *map(_indexed, SEARCHED)]
