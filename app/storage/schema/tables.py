"""The tables. Ids and moments are text in the form of the domain, compared byte by byte on every database."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TEXT as PG_TEXT
from sqlalchemy.dialects.postgresql import VARCHAR as PG_VARCHAR

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite compares text byte by byte; PostgreSQL does so only when told.
Id = String(36).with_variant(PG_VARCHAR(36, collation="C"), "postgresql")
Moment = String(24).with_variant(PG_VARCHAR(24, collation="C"), "postgresql")
Words = Text().with_variant(PG_TEXT(collation="C"), "postgresql")

_VERZONDEN = "geregistreerd_door_eenheid_id"


def _partial(name: str | None, column: str, *columns: str) -> Index:
    """An index of only those rows that have a value in one of its columns."""
    given = text(f"{column} IS NOT NULL")
    return Index(name, *columns, sqlite_where=given, postgresql_where=given)


def _unversioned(name: str) -> Index:
    """An index of only those rows that are still to be indexed by the rule as it is: next to none."""
    waiting = text("zoekversie IS NULL")
    return Index(name, "id", sqlite_where=waiting, postgresql_where=waiting)


RANGEN = (0, 1)
"""Where a task may stand in the order of waiting: what the domain's goes_first puts first, and the others."""

organisatorische_eenheid = Table(
    "organisatorische_eenheid",
    metadata,
    Column("id", Id, primary_key=True),
    Column("naam", String(200), nullable=False),
    Column("identificatie", String(40), unique=True),
    Column("actief", Boolean, nullable=False),
    # Its inbox: raised and counted by the one UPDATE that numbers a fact.
    Column("postvak_id", Id, nullable=False, unique=True),
    Column("laatste_volgnummer", Integer, nullable=False),
    Column("aantal_te_doen", Integer, nullable=False),
    Column("aantal_niet_toegewezen", Integer, nullable=False),
    Column("aantal_klant_aan_de_lijn", Integer, nullable=False),
)

medewerker = Table(
    "medewerker",
    metadata,
    Column("id", Id, primary_key=True),
    Column("naam", String(200), nullable=False),
    Column("actief", Boolean, nullable=False),
    Column("rollen", String(100), nullable=False),
    # When the token was issued, or the command line spoke, that this record follows: seconds since 1970.
    Column("vastgesteld", BigInteger, nullable=False),
)

# One row: raised with every change of what an employee may do, so that others find out with one look.
rechten = Table(
    "rechten",
    metadata,
    Column("versie", Integer, primary_key=True, autoincrement=False),
)

medewerker_eenheid = Table(
    "medewerker_eenheid",
    metadata,
    Column("medewerker_id", Id, ForeignKey("medewerker.id"), primary_key=True),
    Column("eenheid_id", Id, ForeignKey("organisatorische_eenheid.id"), primary_key=True),
    Column("plaats", SmallInteger, nullable=False),
    Index(None, "eenheid_id"),
)

# Every klantcontact and every task has a row here: it makes their ids and numbers unique together.
registratie = Table(
    "registratie",
    metadata,
    Column("id", Id, primary_key=True),
    Column("nummer", String(10), nullable=False, unique=True),
    Column("medewerker_id", Id, ForeignKey("medewerker.id"), nullable=False),
    # Of the input that registered it, where the consumer chose its id; null where he did not.
    Column("vingerafdruk", String(64)),
)

klantcontact = Table(
    "klantcontact",
    metadata,
    Column("id", Id, ForeignKey("registratie.id"), primary_key=True),
    Column("nummer", String(10), nullable=False, unique=True),
    Column("geregistreerd_op", Moment, nullable=False),
    Column("kanaal", String(200), nullable=False),
    Column("medewerker_id", Id, ForeignKey("medewerker.id"), nullable=False),
    Column("eenheid_id", Id, ForeignKey("organisatorische_eenheid.id"), nullable=False),
    Column("initiatiefnemer", String(20), nullable=False),
    Column("onderwerp", String(200), nullable=False),
    Column("inhoud", String(1000)),
    Column("zoekwoorden", Words, nullable=False),
    # The version of the rule by which these were indexed; null where a program did so that knows none.
    Column("zoekversie", SmallInteger),
    Index(None, "geregistreerd_op", "id"),
    Index(None, "eenheid_id", "geregistreerd_op", "id"),
    _unversioned("ix_klantcontact_zoekversie"),
)

interne_taak = Table(
    "interne_taak",
    metadata,
    Column("id", Id, ForeignKey("registratie.id"), primary_key=True),
    Column("nummer", String(10), nullable=False, unique=True),
    Column("geregistreerd_op", Moment, nullable=False),
    Column("geregistreerd_door_id", Id, ForeignKey("medewerker.id"), nullable=False),
    Column("geregistreerd_door_eenheid_id", Id, ForeignKey("organisatorische_eenheid.id"), nullable=False),
    Column("klantcontact_id", Id, ForeignKey("klantcontact.id"), nullable=False),
    # Among the tasks that were registered with the klantcontact in one deed, so at one moment.
    Column("plaats", SmallInteger, nullable=False),
    Column("wachtend_sinds", Moment, nullable=False),
    Column("klant_aan_de_lijn", Boolean, nullable=False),
    Column("gevraagde_handeling", String(200), nullable=False),
    Column("toelichting", String(1000)),
    Column("status", String(10), nullable=False),
    Column("eenheid_id", Id, ForeignKey("organisatorische_eenheid.id"), nullable=False),
    Column("medewerker_id", Id, ForeignKey("medewerker.id")),
    Column("gedaan_op", Moment),
    Column("gedaan_door_id", Id, ForeignKey("medewerker.id")),
    Column("versie", Integer, nullable=False),
    # One of RANGEN.
    Column("rang", SmallInteger, nullable=False),
    Column("zoekwoorden", Words, nullable=False),
    # The version of the rule by which these were indexed; null where a program did so that knows none.
    Column("zoekversie", SmallInteger),
    # A page of a list is read from these, each in the order of an index: the longest waiting and the newest of one
    # status, and the last finished. Of a department's inbox, of what a department registered, and of everything.
    # What only few tasks have costs a registration nothing.
    Index(None, "eenheid_id", "status", "rang", "wachtend_sinds", "id"),
    Index(None, "eenheid_id", "status", "geregistreerd_op", "id"),
    _partial(None, "gedaan_op", "eenheid_id", "gedaan_op", "geregistreerd_op", "id"),
    # The names that these would get are too long for PostgreSQL.
    Index("ix_interne_taak_verzonden_wachtend", _VERZONDEN, "status", "rang", "wachtend_sinds", "id"),
    Index("ix_interne_taak_verzonden_nieuwst", _VERZONDEN, "status", "geregistreerd_op", "id"),
    _partial("ix_interne_taak_verzonden_gedaan", "gedaan_op", _VERZONDEN, "gedaan_op", "geregistreerd_op", "id"),
    Index(None, "status", "rang", "wachtend_sinds", "id"),
    Index(None, "status", "geregistreerd_op", "id"),
    _partial(None, "gedaan_op", "gedaan_op", "geregistreerd_op", "id"),
    Index(None, "klantcontact_id"),
    _partial(None, "medewerker_id", "medewerker_id", "status"),
    _unversioned("ix_interne_taak_zoekversie"),
)

# Which departments may see a task though it is not in their inbox and they did not register it: those that it was
# forwarded from, and the one that registered its klantcontact. Triggers keep it, see `triggers`, and all that lists
# are ordered by.
inzage = Table(
    "inzage",
    metadata,
    Column("taak_id", Id, ForeignKey("interne_taak.id"), primary_key=True),
    Column("eenheid_id", Id, ForeignKey("organisatorische_eenheid.id"), primary_key=True),
    Column("klantcontact_id", Id, nullable=False),
    Column("geregistreerd_op", Moment, nullable=False),
    Column("wachtend_sinds", Moment, nullable=False),
    Column("status", String(10), nullable=False),
    Column("rang", SmallInteger, nullable=False),
    Column("gedaan_op", Moment),
    Index(None, "eenheid_id", "status", "rang", "wachtend_sinds", "taak_id"),
    Index(None, "eenheid_id", "status", "geregistreerd_op", "taak_id"),
    _partial(None, "gedaan_op", "eenheid_id", "gedaan_op", "geregistreerd_op", "taak_id"),
)

gebeurtenis = Table(
    "gebeurtenis",
    metadata,
    Column("id", Id, primary_key=True),
    Column("eenheid_id", Id, ForeignKey("organisatorische_eenheid.id"), nullable=False),
    Column("volgnummer", Integer, nullable=False),
    Column("taak_id", Id, ForeignKey("interne_taak.id"), nullable=False),
    Column("versie", Integer, nullable=False),
    Column("soort", String(20), nullable=False),
    Column("tijdstip", Moment, nullable=False),
    Column("door_id", Id, ForeignKey("medewerker.id")),
    Column("status", String(10), nullable=False),
    Column("medewerker_id", Id, ForeignKey("medewerker.id")),
    Column("andere_eenheid_id", Id, ForeignKey("organisatorische_eenheid.id")),
    Column("toelichting", String(1000)),
    UniqueConstraint("eenheid_id", "volgnummer"),
    UniqueConstraint("taak_id", "versie"),
)

# Who has an inbox open, as each serving process tells it again and again; a process that died tells nothing.
postvak_lease = Table(
    "postvak_lease",
    metadata,
    Column("proces_id", Id, primary_key=True),
    Column("eenheid_id", Id, ForeignKey("organisatorische_eenheid.id"), primary_key=True),
    Column("medewerker_id", Id, ForeignKey("medewerker.id"), primary_key=True),
    # Milliseconds since 1970, by the clock of the database: processes' own clocks may differ.
    Column("geldig_tot", BigInteger, nullable=False),
    Index(None, "eenheid_id", "medewerker_id"),
)

# The oldest version of the program that may serve this database: one row, raised by migrations.
oldest_serving = Table("oldest_serving", metadata, Column("revision", String(32), primary_key=True))

# What is still to be done after a migration, and the place that the filling of rows has come to, as JSON.
backfill = Table(
    "backfill",
    metadata,
    Column("revision", String(32), primary_key=True),
    # Which of the things that the migration names, from 0.
    Column("nr", SmallInteger, primary_key=True, autoincrement=False),
    Column("place", Text),
)

IDS = {
    "OrganisatorischeEenheid": organisatorische_eenheid.c.id,
    "Postvak": organisatorische_eenheid.c.postvak_id,
    "Medewerker": medewerker.c.id,
    "Klantcontact": klantcontact.c.id,
    "InterneTaak": interne_taak.c.id,
    "Gebeurtenis": gebeurtenis.c.id,
}
"""Where the id of each kind of object stands: no two objects have the same."""
