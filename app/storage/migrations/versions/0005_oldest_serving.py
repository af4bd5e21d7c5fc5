"""Which version may serve the database, and how far rows were filled after a migration."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Older programs accept only their own version, so none of them may serve.
oldest_serving = "0005"


def upgrade() -> None:
    op.create_table(
        "oldest_serving",
        sa.Column("revision", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_oldest_serving")),
    )
    op.create_table(
        "backfill",
        sa.Column("revision", sa.String(length=32), nullable=False),
        sa.Column("nr", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("revision", "nr", name=op.f("pk_backfill")),
    )
