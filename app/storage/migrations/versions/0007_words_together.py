"""Words that are found with and without their separators: existing rows are indexed by the current search rule.

Older programs still find everything that they found before, because words are only added. Rows that they store are
indexed by the earlier rule and have an empty `zoekversie`, until `app.storage.migrations.reindexing` indexes them
again.
"""

import sqlalchemy as sa
from alembic import op

from app.storage.migrations.afterwards import Backfill, Indexing, Place
from app.storage.migrations.reindexing import reindex
from app.storage.schema.tables import SEARCHED, interne_taak

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

oldest_serving = "0005"


def upgrade() -> None:
    for table in SEARCHED:
        op.add_column(table, sa.Column("zoekversie", sa.SmallInteger(), nullable=True))


def _klantcontacten(connection: sa.Connection, after: Place, upto: Place) -> None:
    reindex(connection, "klantcontact", after, upto)


def _interne_taken(connection: sa.Connection, after: Place, upto: Place) -> None:
    reindex(connection, "interne_taak", after, upto, interne_taak.c.gevraagde_handeling)


afterwards = (
    Backfill("search words of contacts", "klantcontact", _klantcontacten),
    Backfill("search words of tasks", "interne_taak", _interne_taken),
    # Created after the backfill, when these partial indexes have almost no rows.
    Indexing("ix_klantcontact_zoekversie", "klantcontact", "(id) WHERE zoekversie IS NULL"),
    Indexing("ix_interne_taak_zoekversie", "interne_taak", "(id) WHERE zoekversie IS NULL"),
)
