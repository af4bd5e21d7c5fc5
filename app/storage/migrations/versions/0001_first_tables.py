"""The first tables: departments, employees, contacts, tasks and their facts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.String(36).with_variant(sa.VARCHAR(36, collation="C"), "postgresql")
MOMENT = sa.String(24).with_variant(sa.VARCHAR(24, collation="C"), "postgresql")
WORDS = sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "medewerker",
        sa.Column("id", ID, nullable=False),
        sa.Column("naam", sa.String(length=200), nullable=False),
        sa.Column("actief", sa.Boolean(), nullable=False),
        sa.Column("rollen", sa.String(length=100), nullable=False),
        sa.Column("vastgesteld", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medewerker")),
    )
    op.create_table(
        "organisatorische_eenheid",
        sa.Column("id", ID, nullable=False),
        sa.Column("naam", sa.String(length=200), nullable=False),
        sa.Column("identificatie", sa.String(length=40), nullable=True),
        sa.Column("actief", sa.Boolean(), nullable=False),
        sa.Column("postvak_id", ID, nullable=False),
        sa.Column("laatste_volgnummer", sa.Integer(), nullable=False),
        sa.Column("aantal_te_doen", sa.Integer(), nullable=False),
        sa.Column("aantal_niet_toegewezen", sa.Integer(), nullable=False),
        sa.Column("aantal_klant_aan_de_lijn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisatorische_eenheid")),
        sa.UniqueConstraint("identificatie", name=op.f("uq_organisatorische_eenheid_identificatie")),
        sa.UniqueConstraint("postvak_id", name=op.f("uq_organisatorische_eenheid_postvak_id")),
    )
    op.create_table(
        "medewerker_eenheid",
        sa.Column("medewerker_id", ID, nullable=False),
        sa.Column("eenheid_id", ID, nullable=False),
        sa.Column("plaats", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["eenheid_id"], ["organisatorische_eenheid.id"], name=op.f("fk_medewerker_eenheid_eenheid_id")
        ),
        sa.ForeignKeyConstraint(
            ["medewerker_id"], ["medewerker.id"], name=op.f("fk_medewerker_eenheid_medewerker_id")
        ),
        sa.PrimaryKeyConstraint("medewerker_id", "eenheid_id", name=op.f("pk_medewerker_eenheid")),
    )
    op.create_index(op.f("ix_medewerker_eenheid_eenheid_id"), "medewerker_eenheid", ["eenheid_id"], unique=False)
    op.create_table(
        "registratie",
        sa.Column("id", ID, nullable=False),
        sa.Column("nummer", sa.String(length=10), nullable=False),
        sa.Column("medewerker_id", ID, nullable=False),
        sa.Column("vingerafdruk", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["medewerker_id"], ["medewerker.id"], name=op.f("fk_registratie_medewerker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registratie")),
        sa.UniqueConstraint("nummer", name=op.f("uq_registratie_nummer")),
    )
    op.create_table(
        "klantcontact",
        sa.Column("id", ID, nullable=False),
        sa.Column("nummer", sa.String(length=10), nullable=False),
        sa.Column("geregistreerd_op", MOMENT, nullable=False),
        sa.Column("kanaal", sa.String(length=200), nullable=False),
        sa.Column("medewerker_id", ID, nullable=False),
        sa.Column("eenheid_id", ID, nullable=False),
        sa.Column("initiatiefnemer", sa.String(length=20), nullable=False),
        sa.Column("onderwerp", sa.String(length=200), nullable=False),
        sa.Column("inhoud", sa.String(length=1000), nullable=True),
        sa.Column("zoekwoorden", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["eenheid_id"], ["organisatorische_eenheid.id"], name=op.f("fk_klantcontact_eenheid_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["registratie.id"], name=op.f("fk_klantcontact_id")),
        sa.ForeignKeyConstraint(["medewerker_id"], ["medewerker.id"], name=op.f("fk_klantcontact_medewerker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_klantcontact")),
        sa.UniqueConstraint("nummer", name=op.f("uq_klantcontact_nummer")),
    )
    op.create_index(
        op.f("ix_klantcontact_eenheid_id_geregistreerd_op_id"),
        "klantcontact",
        ["eenheid_id", "geregistreerd_op", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_klantcontact_geregistreerd_op_id"), "klantcontact", ["geregistreerd_op", "id"], unique=False
    )
    op.create_table(
        "interne_taak",
        sa.Column("id", ID, nullable=False),
        sa.Column("nummer", sa.String(length=10), nullable=False),
        sa.Column("geregistreerd_op", MOMENT, nullable=False),
        sa.Column("geregistreerd_door_id", ID, nullable=False),
        sa.Column("geregistreerd_door_eenheid_id", ID, nullable=False),
        sa.Column("klantcontact_id", ID, nullable=False),
        sa.Column("plaats", sa.SmallInteger(), nullable=False),
        sa.Column("wachtend_sinds", MOMENT, nullable=False),
        sa.Column("klant_aan_de_lijn", sa.Boolean(), nullable=False),
        sa.Column("gevraagde_handeling", sa.String(length=200), nullable=False),
        sa.Column("toelichting", sa.String(length=1000), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("eenheid_id", ID, nullable=False),
        sa.Column("medewerker_id", ID, nullable=True),
        sa.Column("gedaan_op", MOMENT, nullable=True),
        sa.Column("gedaan_door_id", ID, nullable=True),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("rang", sa.SmallInteger(), nullable=False),
        sa.Column("zoekwoorden", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["eenheid_id"], ["organisatorische_eenheid.id"], name=op.f("fk_interne_taak_eenheid_id")
        ),
        sa.ForeignKeyConstraint(["gedaan_door_id"], ["medewerker.id"], name=op.f("fk_interne_taak_gedaan_door_id")),
        sa.ForeignKeyConstraint(
            ["geregistreerd_door_eenheid_id"],
            ["organisatorische_eenheid.id"],
            name=op.f("fk_interne_taak_geregistreerd_door_eenheid_id"),
        ),
        sa.ForeignKeyConstraint(
            ["geregistreerd_door_id"], ["medewerker.id"], name=op.f("fk_interne_taak_geregistreerd_door_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["registratie.id"], name=op.f("fk_interne_taak_id")),
        sa.ForeignKeyConstraint(
            ["klantcontact_id"], ["klantcontact.id"], name=op.f("fk_interne_taak_klantcontact_id")
        ),
        sa.ForeignKeyConstraint(["medewerker_id"], ["medewerker.id"], name=op.f("fk_interne_taak_medewerker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interne_taak")),
        sa.UniqueConstraint("nummer", name=op.f("uq_interne_taak_nummer")),
    )
    op.create_index(
        op.f("ix_interne_taak_eenheid_id_status_rang_wachtend_sinds_id"),
        "interne_taak",
        ["eenheid_id", "status", "rang", "wachtend_sinds", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_interne_taak_eenheid_id_status_wachtend_sinds"),
        "interne_taak",
        ["eenheid_id", "status", "wachtend_sinds"],
        unique=False,
    )
    op.create_index(op.f("ix_interne_taak_klantcontact_id"), "interne_taak", ["klantcontact_id"], unique=False)
    op.create_index(op.f("ix_interne_taak_medewerker_id"), "interne_taak", ["medewerker_id"], unique=False)
    op.create_index(
        op.f("ix_interne_taak_rang_wachtend_sinds_id"),
        "interne_taak",
        ["rang", "wachtend_sinds", "id"],
        unique=False,
    )
    op.create_table(
        "gebeurtenis",
        sa.Column("id", ID, nullable=False),
        sa.Column("eenheid_id", ID, nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("taak_id", ID, nullable=False),
        sa.Column("versie", sa.Integer(), nullable=False),
        sa.Column("soort", sa.String(length=20), nullable=False),
        sa.Column("tijdstip", MOMENT, nullable=False),
        sa.Column("door_id", ID, nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("medewerker_id", ID, nullable=True),
        sa.Column("andere_eenheid_id", ID, nullable=True),
        sa.Column("toelichting", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(
            ["andere_eenheid_id"],
            ["organisatorische_eenheid.id"],
            name=op.f("fk_gebeurtenis_andere_eenheid_id"),
        ),
        sa.ForeignKeyConstraint(["door_id"], ["medewerker.id"], name=op.f("fk_gebeurtenis_door_id")),
        sa.ForeignKeyConstraint(
            ["eenheid_id"], ["organisatorische_eenheid.id"], name=op.f("fk_gebeurtenis_eenheid_id")
        ),
        sa.ForeignKeyConstraint(["medewerker_id"], ["medewerker.id"], name=op.f("fk_gebeurtenis_medewerker_id")),
        sa.ForeignKeyConstraint(["taak_id"], ["interne_taak.id"], name=op.f("fk_gebeurtenis_taak_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gebeurtenis")),
        sa.UniqueConstraint("eenheid_id", "volgnummer", name=op.f("uq_gebeurtenis_eenheid_id_volgnummer")),
        sa.UniqueConstraint("taak_id", "versie", name=op.f("uq_gebeurtenis_taak_id_versie")),
    )
