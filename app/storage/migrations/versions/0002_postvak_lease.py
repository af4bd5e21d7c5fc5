"""Who has an inbox open: a lease per process, department and employee."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.String(36).with_variant(sa.VARCHAR(36, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "postvak_lease",
        sa.Column("proces_id", ID, nullable=False),
        sa.Column("eenheid_id", ID, nullable=False),
        sa.Column("medewerker_id", ID, nullable=False),
        sa.Column("geldig_tot", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["eenheid_id"], ["organisatorische_eenheid.id"], name=op.f("fk_postvak_lease_eenheid_id")
        ),
        sa.ForeignKeyConstraint(["medewerker_id"], ["medewerker.id"], name=op.f("fk_postvak_lease_medewerker_id")),
        sa.PrimaryKeyConstraint("proces_id", "eenheid_id", "medewerker_id", name=op.f("pk_postvak_lease")),
    )
    op.create_index(
        op.f("ix_postvak_lease_eenheid_id_medewerker_id"), "postvak_lease", ["eenheid_id", "medewerker_id"]
    )
