"""The triggers, as a database that is up to date has them: what follows by itself from what is written.

Migrations made them; whoever changes one changes it here and in a new migration. A test compares.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.storage.sql.prepared import DatabaseKind

_COLUMNS = "taak_id, eenheid_id, klantcontact_id, geregistreerd_op, wachtend_sinds, status, rang, gedaan_op"
_OF_TAAK = ", ".join(
    f"{{taak}}.{name}"
    for name in ("klantcontact_id", "geregistreerd_op", "wachtend_sinds", "status", "rang", "gedaan_op")
)
_CHANGED = (
    "NEW.status <> OLD.status OR NEW.rang <> OLD.rang OR coalesce(NEW.gedaan_op, '') <> coalesce(OLD.gedaan_op, '')"
)
_WITHDRAWN_FIRST = "NEW.status = 'GEDAAN' AND NEW.rang = 0"


@dataclass(frozen=True, slots=True)
class Trigger:
    """What is done with a row of a table when it is written, where a condition holds."""

    name: str
    event: str
    when: str
    deed: str

    def definition(self, kind: DatabaseKind) -> Sequence[str]:
        """The statements that make it."""
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
"""The department that registered a klantcontact sees every task that comes of it."""

INZAGE_BY_FORWARD = Trigger(
    "inzage_by_forward",
    "INSERT ON gebeurtenis",
    "NEW.soort = 'DOORGESTUURD'",
    f"INSERT INTO inzage ({_COLUMNS}) SELECT t.id, NEW.eenheid_id, {_OF_TAAK.format(taak='t')} "  # noqa: S608
    "FROM interne_taak t WHERE t.id = NEW.taak_id ON CONFLICT DO NOTHING",
)
"""The department that a task was forwarded from still sees it."""

INZAGE_ALONG = Trigger(
    "inzage_along",
    "UPDATE ON interne_taak",
    _CHANGED,
    "UPDATE inzage SET status = NEW.status, rang = NEW.rang, gedaan_op = NEW.gedaan_op WHERE taak_id = NEW.id",
)
"""What lists are ordered by goes along for those who see a task that is not in their inbox."""


@dataclass(frozen=True, slots=True)
class Rang:
    """Keeps what is done among those that can wait: a program of a version before puts what is withdrawn first."""

    table: str

    @property
    def name(self) -> str:
        """That of the trigger."""
        return f"{self.table}_rang"

    def definition(self, kind: DatabaseKind) -> Sequence[str]:
        """The statements that make it; on PostgreSQL both tables share its function."""
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
    """Gives each row a number of its own, by which SQLite's index of words names it."""
    deed = f"INSERT INTO {table}_zoekregel (id) VALUES (NEW.id)"  # noqa: S608 - names of our own
    return Trigger(f"{table}_numbered", f"INSERT ON {table}", "", deed)


def _indexed(table: str) -> Trigger:
    """Brings the words of so many rows into SQLite's index at once."""
    words = (
        f"INSERT INTO {table}_woorden (rowid, woorden) SELECT nr, zoekwoorden FROM {table}_zoekregel "  # noqa: S608
        f"JOIN {table} USING (id) WHERE nr > NEW.nr - {INDEXED_AT_ONCE} ORDER BY nr"
    )
    when = f"NEW.nr % {INDEXED_AT_ONCE} = 0"
    return Trigger(f"{table}_indexed", f"INSERT ON {table}_zoekregel", when, words)


INDEXED_AT_ONCE = 128
"""How many rows SQLite's index of words takes at once, which takes a quarter of the time."""

_SEARCHED = ("klantcontact", "interne_taak")


def triggers(kind: DatabaseKind) -> Sequence[Trigger | Rang]:
    """All triggers of a kind of database."""
    every: list[Trigger | Rang] = [
        INZAGE_BY_CONTACT,
        INZAGE_BY_FORWARD,
        INZAGE_ALONG,
        Rang("interne_taak"),
        Rang("inzage"),
    ]
    if kind == "postgresql":
        return every
    return [*every, *map(_numbered, _SEARCHED), *map(_indexed, _SEARCHED)]
