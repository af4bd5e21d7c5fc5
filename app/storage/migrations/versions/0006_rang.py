"""What is finished stands among what can wait, also where a citizen was on the line when it was withdrawn."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("interne_taak", "inzage")
MISPLACED = "NEW.status = 'GEDAAN' AND NEW.rang = 0"


def upgrade() -> None:
    # A process of the version before puts what is withdrawn first: as long as one may serve, it is put right here.
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
    # What another department may see of it follows by itself.
    op.execute("UPDATE interne_taak SET rang = 1 WHERE status = 'GEDAAN' AND rang = 0")
