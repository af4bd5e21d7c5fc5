"""Calling back: whom a contact was with, what the citizen was told, and how often somebody tried to reach them.

A contact may have taken place before it was registered. Then waiting counts from that moment, and the tasks also
have the moment of registration, in whose order contacts are listed. Older processes write rows without the new
values, and such rows are right as they are.
"""

import sqlalchemy as sa
from alembic import op

from app.storage.migrations.afterwards import Indexing

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

oldest_serving = "0005"

ID = sa.String(36).with_variant(sa.VARCHAR(36, collation="C"), "postgresql")
MOMENT = sa.String(24).with_variant(sa.VARCHAR(24, collation="C"), "postgresql")
WORDS = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")

COLUMNS = (
    ("klantcontact", "plaatsgevonden_op", MOMENT),
    ("klantcontact", "contactgegevens_verwijderd_op", MOMENT),
    ("interne_taak", "antwoord", sa.String(1000)),
    ("interne_taak", "geregistreerde_handeling", sa.String(200)),
    ("interne_taak", "contact_geregistreerd_op", MOMENT),
    ("inzage", "contact_geregistreerd_op", MOMENT),
    ("gebeurtenis", "antwoord", sa.String(1000)),
)

INZAGE = (
    "taak_id, eenheid_id, klantcontact_id, geregistreerd_op, wachtend_sinds, status, rang, gedaan_op, "
    "contact_geregistreerd_op"
)
OF_TAAK = (
    "{taak}.klantcontact_id, {taak}.geregistreerd_op, {taak}.wachtend_sinds, {taak}.status, {taak}.rang, "
    "{taak}.gedaan_op, {taak}.contact_geregistreerd_op"
)
OF_NEW, OF_T = OF_TAAK.format(taak="NEW"), OF_TAAK.format(taak="t")
# The name, the event and its table, the condition on the row, and the statement that runs.
TRIGGERS = (
    (
        "inzage_by_contact",
        "INSERT ON interne_taak",
        "TRUE",
        f"INSERT INTO inzage ({INZAGE}) SELECT NEW.id, k.eenheid_id, {OF_NEW} FROM klantcontact k "
        "WHERE k.id = NEW.klantcontact_id AND k.eenheid_id <> NEW.geregistreerd_door_eenheid_id",
    ),
    (
        "inzage_by_forward",
        "INSERT ON gebeurtenis",
        "NEW.soort = 'DOORGESTUURD'",
        f"INSERT INTO inzage ({INZAGE}) SELECT t.id, NEW.eenheid_id, {OF_T} FROM interne_taak t "
        "WHERE t.id = NEW.taak_id ON CONFLICT DO NOTHING",
    ),
)

OF_CONTACTS = "contact_geregistreerd_op, klantcontact_id) WHERE contact_geregistreerd_op IS NOT NULL"
afterwards = (
    Indexing("ix_interne_taak_contact_eenheid", "interne_taak", f"(eenheid_id, {OF_CONTACTS}"),
    Indexing("ix_interne_taak_contact_verzonden", "interne_taak", f"(geregistreerd_door_eenheid_id, {OF_CONTACTS}"),
    Indexing("ix_inzage_contact_eenheid", "inzage", f"(eenheid_id, {OF_CONTACTS}"),
)


def upgrade() -> None:
    for table, name, type_ in COLUMNS:
        op.add_column(table, sa.Column(name, type_, nullable=True))
    op.add_column(
        "interne_taak",
        sa.Column("aantal_contactpogingen", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )
    _create_tables()
    if op.get_bind().dialect.name == "sqlite":
        for name, event, when, deed in TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
            op.execute(f"CREATE TRIGGER {name} AFTER {event} WHEN {when} BEGIN {deed}; END")
    else:
        _finish_postgresql()


def _finish_postgresql() -> None:
    # A longer limit changes no row. A column's type cannot change while a trigger names it. SQLite does not look at
    # the length.
    for name, event, _, _ in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON {event.removeprefix('INSERT ON ')}")
    op.alter_column("gebeurtenis", "soort", type_=sa.VARCHAR(40))
    for name, event, when, deed in TRIGGERS:
        op.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
            f"AS $$ BEGIN {deed}; RETURN NULL; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()")


def _create_tables() -> None:
    op.create_table(
        "betrokkene",
        sa.Column("id", ID, nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("klantcontact_id", ID, nullable=False),
        sa.Column("rol", sa.String(30), nullable=False),
        sa.Column("voorletters", sa.String(10)),
        sa.Column("voornaam", sa.String(200)),
        sa.Column("voorvoegsel_achternaam", sa.String(10)),
        sa.Column("achternaam", sa.String(200)),
        sa.Column("organisatienaam", sa.String(200)),
        sa.ForeignKeyConstraint(
            ["klantcontact_id"], ["klantcontact.id"], name=op.f("fk_betrokkene_klantcontact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_betrokkene")),
        sa.UniqueConstraint("klantcontact_id", name=op.f("uq_betrokkene_klantcontact_id")),
    )
    op.create_table(
        "digitaal_adres",
        sa.Column("betrokkene_id", ID, nullable=False),
        sa.Column("plaats", sa.SmallInteger(), nullable=False),
        sa.Column("soort_digitaal_adres", sa.String(30), nullable=False),
        sa.Column("adres", sa.String(80), nullable=False),
        sa.Column("omschrijving", sa.String(40)),
        sa.Column("vergeleken", WORDS),
        sa.ForeignKeyConstraint(["betrokkene_id"], ["betrokkene.id"], name=op.f("fk_digitaal_adres_betrokkene_id")),
        sa.PrimaryKeyConstraint("betrokkene_id", "plaats", name=op.f("pk_digitaal_adres")),
    )
    given = sa.text("vergeleken IS NOT NULL")
    op.create_index(
        op.f("ix_digitaal_adres_vergeleken_betrokkene_id"),
        "digitaal_adres",
        ["vergeleken", "betrokkene_id"],
        sqlite_where=given,
        postgresql_where=given,
    )
