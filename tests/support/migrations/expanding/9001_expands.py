"""A next version that only adds: columns, a table, values of new columns in existing rows, and an index."""

import sqlalchemy as sa
from alembic import op

from app.storage.migrations.afterwards import Backfill, Indexing, Place
from app.storage.migrations.compatibility import Program

BEFORE = Program().newest

revision = "9001"
down_revision = BEFORE
branch_labels = None
depends_on = None

oldest_serving = BEFORE

GROWN = ("medewerker", "organisatorische_eenheid", "klantcontact", "interne_taak", "gebeurtenis", "inzage")


def _fill(connection: sa.Connection, after: Place, upto: Place) -> None:
    statement = sa.text("UPDATE interne_taak SET gevuld = nummer WHERE id > :after AND id <= :upto")
    connection.execute(statement, {"after": after, "upto": upto})


def _fill_then(connection: sa.Connection, after: Place, upto: Place) -> None:
    statement = sa.text("UPDATE interne_taak SET daarna = gevuld WHERE id > :after AND id <= :upto")
    connection.execute(statement, {"after": after, "upto": upto})


afterwards = (
    Backfill("numbers again", "interne_taak", _fill, rows=3),
    Backfill("numbers once more", "interne_taak", _fill_then, rows=100),
    Indexing("ix_interne_taak_gevuld", "interne_taak", "(gevuld, id)"),
)


def upgrade() -> None:
    op.create_table("nieuw", sa.Column("id", sa.String(36), primary_key=True))
    for table in GROWN:
        op.add_column(table, sa.Column("leeg", sa.String(20), nullable=True))
        op.add_column(table, sa.Column("vol", sa.Integer(), nullable=False, server_default="7"))
    op.add_column("interne_taak", sa.Column("gevuld", sa.String(10), nullable=True))
    op.add_column("interne_taak", sa.Column("daarna", sa.String(10), nullable=True))
