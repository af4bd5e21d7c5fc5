"""Where a task that was withdrawn stands: among those that can wait, even if a citizen was on the line."""

from alembic import op
from sqlalchemy import Connection, text

from app.storage.migrations.afterwards import Backfill, Place

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

oldest_serving = "0005"

TABLES = ("interne_taak", "inzage")
MISPLACED = "NEW.status = 'GEDAAN' AND NEW.rang = 0"


def _put_right(connection: Connection, after: Place, upto: Place) -> None:
    # A trigger copies the change to the table inzage.
    misplaced = "status = 'GEDAAN' AND rang = 0 AND id > :after AND id <= :upto"
    statement = text(f"UPDATE interne_taak SET rang = 1 WHERE {misplaced}")
    connection.execute(statement, {"after": after, "upto": upto})


afterwards = (Backfill("tasks that were withdrawn", "interne_taak", _put_right),)


def upgrade() -> None:
    # A process of the previous version gives withdrawn tasks `rang` 0; while one may serve, triggers correct it.
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            deed = f"UPDATE {table} SET rang = 1 WHERE rowid = NEW.rowid"
            op.execute(f"CREATE TRIGGER {table}_rang AFTER UPDATE ON {table} WHEN {MISPLACED} BEGIN {deed}; END")
    else:
        op.execute(
            "CREATE FUNCTION rang_of_gedaan() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN NEW.rang := 1; RETURN NEW; END $$"
        )
        for table in TABLES:
            op.execute(
                f"CREATE TRIGGER {table}_rang BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({MISPLACED}) "
                "EXECUTE FUNCTION rang_of_gedaan()"
            )
