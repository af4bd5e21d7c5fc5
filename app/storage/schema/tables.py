"""The tables. Ids and timestamps are text in the format of the domain, compared byte by byte on both databases."""

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

# SQLite compares text byte by byte; PostgreSQL does so only with collation C.
Id = String(36).with_variant(PG_VARCHAR(36, collation="C"), "postgresql")
Moment = String(24).with_variant(PG_VARCHAR(24, collation="C"), "postgresql")
# SQLite cannot change the length of a column and does not look at it: there it is still as it was first made.
Soort = String(20).with_variant(PG_VARCHAR(40), "postgresql")
Words = Text().with_variant(PG_TEXT(collation="C"), "postgresql")

_VERZONDEN = "geregistreerd_door_eenheid_id"


def _partial(name: str | None, column: str, *columns: str) -> Index:
    """An index of only those rows in which `column` is not NULL."""
    given = text(f"{column} IS NOT NULL")
    return Index(name, *columns, sqlite_where=given, postgresql_where=given)


def _of_contacts(column: str, table: str = "interne_taak") -> Index:
    """An index of the tasks of contacts that took place at another moment than they were registered: few or many,
    and none that a desk registers.
    """
    name = f"ix_{table}_contact_{'verzonden' if column == _VERZONDEN else 'eenheid'}"
    return _partial(name, "contact_geregistreerd_op", column, "contact_geregistreerd_op", "klantcontact_id")


def _unversioned(name: str) -> Index:
    """An index of only those rows that were not yet indexed by the current search rule: almost none."""
    waiting = text("zoekversie IS NULL")
    return Index(name, "id", sqlite_where=waiting, postgresql_where=waiting)


RANGEN = (0, 1)
"""The values of `rang`, a task's place in the order of waiting: 0 for the tasks that the domain's `goes_first` puts
first, 1 for all others.
"""

organisatorische_eenheid = Table(
    "organisatorische_eenheid",
    metadata,
    Column("id", Id, primary_key=True),
    Column("naam", String(200), nullable=False),
    Column("identificatie", String(40), unique=True),
    Column("actief", Boolean, nullable=False),
    # The department's inbox: one UPDATE numbers a fact and changes the counters.
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
    # When the source of this record was issued (a token, or a command on the command line), in seconds since 1970.
    Column("vastgesteld", BigInteger, nullable=False),
)

# One row, whose number is raised with every change of an employee's rights: one query shows whether any changed.
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

# Every klantcontact and every task has a row here, so that ids and numbers are unique across both tables.
registratie = Table(
    "registratie",
    metadata,
    Column("id", Id, primary_key=True),
    Column("nummer", String(10), nullable=False, unique=True),
    Column("medewerker_id", Id, ForeignKey("medewerker.id"), nullable=False),
    # Fingerprint of the input that registered it, if the client chose the id; otherwise NULL.
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
    # When it took place, where that is not `geregistreerd_op`.
    Column("plaatsgevonden_op", Moment),
    Column("contactgegevens_verwijderd_op", Moment),
    Column("zoekwoorden", Words, nullable=False),
    # The version of the search rule that indexed these words; NULL if a program without versions did.
    Column("zoekversie", SmallInteger),
    Index(None, "geregistreerd_op", "id"),
    Index(None, "eenheid_id", "geregistreerd_op", "id"),
    _unversioned("ix_klantcontact_zoekversie"),
)

# Whom a contact was with: at most one in this version. Names and addresses of citizens stand here and nowhere else.
betrokkene = Table(
    "betrokkene",
    metadata,
    Column("id", Id, primary_key=True),
    Column("versie", Integer, nullable=False),
    Column("klantcontact_id", Id, ForeignKey("klantcontact.id"), nullable=False, unique=True),
    Column("rol", String(30), nullable=False),
    Column("voorletters", String(10)),
    Column("voornaam", String(200)),
    Column("voorvoegsel_achternaam", String(10)),
    Column("achternaam", String(200)),
    Column("organisatienaam", String(200)),
)

digitaal_adres = Table(
    "digitaal_adres",
    metadata,
    Column("betrokkene_id", Id, ForeignKey("betrokkene.id"), primary_key=True),
    Column("plaats", SmallInteger, primary_key=True, autoincrement=False),
    Column("soort_digitaal_adres", String(30), nullable=False),
    Column("adres", String(80), nullable=False),
    Column("omschrijving", String(40)),
    # The form in which a phone number or an e-mail address is searched; NULL for others, which are not searched.
    Column("vergeleken", Words),
    _partial(None, "vergeleken", "vergeleken", "betrokkene_id"),
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
    # The index among the tasks that were registered together with the klantcontact, so at the same moment.
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
    Column("antwoord", String(1000)),
    Column("aantal_contactpogingen", Integer, nullable=False, server_default=text("0")),
    # As it was registered, where `gevraagde_handeling` is another one now: the task is still found by its words.
    Column("geregistreerde_handeling", String(200)),
    # `geregistreerd_op` of the contact, where `wachtend_sinds` is another moment: contacts are listed in its order.
    Column("contact_geregistreerd_op", Moment),
    # One of RANGEN.
    Column("rang", SmallInteger, nullable=False),
    Column("zoekwoorden", Words, nullable=False),
    # The version of the search rule that indexed these words; NULL if a program without versions did.
    Column("zoekversie", SmallInteger),
    # Pages of lists are read in the order of these indexes: longest waiting and newest of one status, and last
    # finished. Each exists for a department's inbox, for what a department registered, and for all tasks. The
    # partial indexes cost a registration nothing: only few tasks have a value.
    Index(None, "eenheid_id", "status", "rang", "wachtend_sinds", "id"),
    Index(None, "eenheid_id", "status", "geregistreerd_op", "id"),
    _partial(None, "gedaan_op", "eenheid_id", "gedaan_op", "geregistreerd_op", "id"),
    # Named here, because the generated names would be too long for PostgreSQL.
    Index("ix_interne_taak_verzonden_wachtend", _VERZONDEN, "status", "rang", "wachtend_sinds", "id"),
    Index("ix_interne_taak_verzonden_nieuwst", _VERZONDEN, "status", "geregistreerd_op", "id"),
    _partial("ix_interne_taak_verzonden_gedaan", "gedaan_op", _VERZONDEN, "gedaan_op", "geregistreerd_op", "id"),
    Index(None, "status", "rang", "wachtend_sinds", "id"),
    Index(None, "status", "geregistreerd_op", "id"),
    _partial(None, "gedaan_op", "gedaan_op", "geregistreerd_op", "id"),
    Index(None, "klantcontact_id"),
    _of_contacts("eenheid_id"),
    _of_contacts(_VERZONDEN),
    _partial(None, "medewerker_id", "medewerker_id", "status"),
    _unversioned("ix_interne_taak_zoekversie"),
)

# Which departments may see a task although it is not in their inbox and they did not register it: those that it was
# forwarded from, and the one that registered its klantcontact. Triggers maintain the rows, including a copy of the
# columns that lists are ordered by; see `triggers`.
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
    Column("contact_geregistreerd_op", Moment),
    _of_contacts("eenheid_id", "inzage"),
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
    Column("soort", Soort, nullable=False),
    Column("tijdstip", Moment, nullable=False),
    Column("door_id", Id, ForeignKey("medewerker.id")),
    Column("status", String(10), nullable=False),
    Column("medewerker_id", Id, ForeignKey("medewerker.id")),
    Column("andere_eenheid_id", Id, ForeignKey("organisatorische_eenheid.id")),
    Column("toelichting", String(1000)),
    Column("antwoord", String(1000)),
    UniqueConstraint("eenheid_id", "volgnummer"),
    UniqueConstraint("taak_id", "versie"),
)

# Who has an inbox open. Each server process renews its leases; those of a process that died expire.
postvak_lease = Table(
    "postvak_lease",
    metadata,
    Column("proces_id", Id, primary_key=True),
    Column("eenheid_id", Id, ForeignKey("organisatorische_eenheid.id"), primary_key=True),
    Column("medewerker_id", Id, ForeignKey("medewerker.id"), primary_key=True),
    # Milliseconds since 1970, by the clock of the database, because the clocks of processes may differ.
    Column("geldig_tot", BigInteger, nullable=False),
    Index(None, "eenheid_id", "medewerker_id"),
)

# One row: the oldest version of the program that may serve this database. Migrations raise it.
oldest_serving = Table("oldest_serving", metadata, Column("revision", String(32), primary_key=True))

# Work that is still to be done after a migration, and the key up to which rows have been filled, as JSON.
backfill = Table(
    "backfill",
    metadata,
    Column("revision", String(32), primary_key=True),
    # The index in the `afterwards` of the migration, from 0.
    Column("nr", SmallInteger, primary_key=True, autoincrement=False),
    Column("place", Text),
)

ID_COLUMNS = {
    "OrganisatorischeEenheid": organisatorische_eenheid.c.id,
    "Postvak": organisatorische_eenheid.c.postvak_id,
    "Medewerker": medewerker.c.id,
    "Klantcontact": klantcontact.c.id,
    "Betrokkene": betrokkene.c.id,
    "InterneTaak": interne_taak.c.id,
    "Gebeurtenis": gebeurtenis.c.id,
}
"""The column with the id of each kind of object. Ids are unique across all kinds."""

SEARCHED = {table.name: table for table in (klantcontact, interne_taak)}
"""The tables with an index of words, by name."""
