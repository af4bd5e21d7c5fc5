"""What keeps lists and searching quick however many tasks there are: indexes in the orders of the lists, a table of
who may see tasks that are not in their inbox, and an index of words.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.String(36).with_variant(sa.VARCHAR(36, collation="C"), "postgresql")
MOMENT = sa.String(24).with_variant(sa.VARCHAR(24, collation="C"), "postgresql")

# Nothing reads rows in these orders any more.
DROPPED = (
    "ix_interne_taak_eenheid_id_status_wachtend_sinds",
    "ix_interne_taak_rang_wachtend_sinds_id",
    "ix_interne_taak_medewerker_id",
)
WACHTEND = ["status", "rang", "wachtend_sinds"]
NIEUWST = ["status", "geregistreerd_op"]
GEDAAN = ["gedaan_op", "geregistreerd_op"]
VERZONDEN = "geregistreerd_door_eenheid_id"
INDEXES = (
    ("ix_interne_taak_eenheid_id_status_geregistreerd_op_id", ["eenheid_id", *NIEUWST, "id"], None),
    ("ix_interne_taak_eenheid_id_gedaan_op_geregistreerd_op_id", ["eenheid_id", *GEDAAN, "id"], "gedaan_op"),
    ("ix_interne_taak_verzonden_wachtend", [VERZONDEN, *WACHTEND, "id"], None),
    ("ix_interne_taak_verzonden_nieuwst", [VERZONDEN, *NIEUWST, "id"], None),
    ("ix_interne_taak_verzonden_gedaan", [VERZONDEN, *GEDAAN, "id"], "gedaan_op"),
    ("ix_interne_taak_status_rang_wachtend_sinds_id", [*WACHTEND, "id"], None),
    ("ix_interne_taak_status_geregistreerd_op_id", [*NIEUWST, "id"], None),
    ("ix_interne_taak_gedaan_op_geregistreerd_op_id", [*GEDAAN, "id"], "gedaan_op"),
    ("ix_interne_taak_medewerker_id_status", ["medewerker_id", "status"], "medewerker_id"),
)
OF_INZAGE = (
    ("ix_inzage_eenheid_id_status_rang_wachtend_sinds_taak_id", ["eenheid_id", *WACHTEND, "taak_id"], None),
    ("ix_inzage_eenheid_id_status_geregistreerd_op_taak_id", ["eenheid_id", *NIEUWST, "taak_id"], None),
    ("ix_inzage_eenheid_id_gedaan_op_geregistreerd_op_taak_id", ["eenheid_id", *GEDAAN, "taak_id"], "gedaan_op"),
)

COLUMNS = "taak_id, eenheid_id, klantcontact_id, geregistreerd_op, wachtend_sinds, status, rang, gedaan_op"
OF_TAAK = (
    "{taak}.klantcontact_id, {taak}.geregistreerd_op, {taak}.wachtend_sinds, {taak}.status, {taak}.rang, "
    "{taak}.gedaan_op"
)
OF_NEW = OF_TAAK.format(taak="NEW")
OF_T = OF_TAAK.format(taak="t")

# The klantcontact's department, where it is not the one that registered the task.
BY_CONTACT = f"""
INSERT INTO inzage ({COLUMNS}) SELECT NEW.id, k.eenheid_id, {OF_NEW} FROM klantcontact k
WHERE k.id = NEW.klantcontact_id AND k.eenheid_id <> NEW.geregistreerd_door_eenheid_id
"""
# The department that a task left.
BY_FORWARD = f"""
INSERT INTO inzage ({COLUMNS}) SELECT t.id, NEW.eenheid_id, {OF_T} FROM interne_taak t WHERE t.id = NEW.taak_id
ON CONFLICT DO NOTHING
"""
ALONG = """
UPDATE inzage SET status = NEW.status, rang = NEW.rang, gedaan_op = NEW.gedaan_op WHERE taak_id = NEW.id
"""
CHANGED = (
    "NEW.status <> OLD.status OR NEW.rang <> OLD.rang OR coalesce(NEW.gedaan_op, '') <> coalesce(OLD.gedaan_op, '')"
)
# The name, the event and its table, the condition on the row, and the statement that runs.
TRIGGERS = (
    ("inzage_by_contact", "INSERT ON interne_taak", "TRUE", BY_CONTACT),
    ("inzage_along", "UPDATE ON interne_taak", CHANGED, ALONG),
    ("inzage_by_forward", "INSERT ON gebeurtenis", "NEW.soort = 'DOORGESTUURD'", BY_FORWARD),
)
STANDING = (
    f"""
    INSERT INTO inzage ({COLUMNS}) SELECT t.id, k.eenheid_id, {OF_T} FROM interne_taak t
    JOIN klantcontact k ON k.id = t.klantcontact_id WHERE k.eenheid_id <> t.geregistreerd_door_eenheid_id
    """,
    f"""
    INSERT INTO inzage ({COLUMNS}) SELECT DISTINCT t.id, g.eenheid_id, {OF_T} FROM interne_taak t
    JOIN gebeurtenis g ON g.taak_id = t.id WHERE g.soort = 'DOORGESTUURD' ON CONFLICT DO NOTHING
    """,
)

# PostgreSQL: an index of words. Words are cut off at the length that the index accepts, so a search also compares
# with the words themselves.
ZOEKVECTOR = """
CREATE FUNCTION zoekvector(zoekwoorden text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(coalesce(array_agg(left(woord, 500)), '{}'))
    FROM unnest(string_to_array(zoekwoorden, ' ')) AS woord WHERE woord <> ''
$$
"""

# SQLite: a full-text index that identifies rows by number. The rowid may change whenever the file is rewritten, so
# a separate table has the number of each row. Words are added in batches of 128 rows, which takes a quarter of the
# time of single rows; a search reads the rows after the last batch itself.
WORDS = (
    "CREATE TABLE {table}_zoekregel (nr INTEGER PRIMARY KEY, id VARCHAR(36) NOT NULL)",
    # The tokenizer splits at ASCII characters that are no letter or digit; here the space is the only one.
    """
    CREATE VIRTUAL TABLE {table}_woorden USING fts5(
        woorden, content='', detail=none, columnsize=0, tokenize='ascii', prefix='1 2'
    )
    """,
    "INSERT INTO {table}_zoekregel (id) SELECT id FROM {table} ORDER BY geregistreerd_op, id",
    """
    INSERT INTO {table}_woorden (rowid, woorden)
    SELECT nr, zoekwoorden FROM {table}_zoekregel JOIN {table} USING (id)
    WHERE nr <= (SELECT max(nr) FROM {table}_zoekregel) / 128 * 128 ORDER BY nr
    """,
    """
    CREATE TRIGGER {table}_numbered AFTER INSERT ON {table} BEGIN
        INSERT INTO {table}_zoekregel (id) VALUES (NEW.id);
    END
    """,
    """
    CREATE TRIGGER {table}_indexed AFTER INSERT ON {table}_zoekregel WHEN NEW.nr % 128 = 0 BEGIN
        INSERT INTO {table}_woorden (rowid, woorden)
        SELECT nr, zoekwoorden FROM {table}_zoekregel JOIN {table} USING (id) WHERE nr > NEW.nr - 128 ORDER BY nr;
    END
    """,
)
SEARCHED = ("klantcontact", "interne_taak")


def upgrade() -> None:
    for name in DROPPED:
        op.drop_index(name, "interne_taak")
    _create_indexes("interne_taak", INDEXES)
    op.create_table(
        "inzage",
        sa.Column("taak_id", ID, nullable=False),
        sa.Column("eenheid_id", ID, nullable=False),
        sa.Column("klantcontact_id", ID, nullable=False),
        sa.Column("geregistreerd_op", MOMENT, nullable=False),
        sa.Column("wachtend_sinds", MOMENT, nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("rang", sa.SmallInteger(), nullable=False),
        sa.Column("gedaan_op", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["taak_id"], ["interne_taak.id"], name=op.f("fk_inzage_taak_id")),
        sa.ForeignKeyConstraint(["eenheid_id"], ["organisatorische_eenheid.id"], name=op.f("fk_inzage_eenheid_id")),
        sa.PrimaryKeyConstraint("taak_id", "eenheid_id", name=op.f("pk_inzage")),
    )
    for statement in STANDING:
        op.execute(statement)
    _create_indexes("inzage", OF_INZAGE)
    if op.get_bind().dialect.name == "sqlite":
        _finish_sqlite()
    else:
        _finish_postgresql()


def _create_indexes(table: str, indexes: tuple[tuple[str, list[str], str | None], ...]) -> None:
    for name, columns, given in indexes:
        where = None if given is None else sa.text(f"{given} IS NOT NULL")
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _finish_sqlite() -> None:
    for name, event, when, deed in TRIGGERS:
        op.execute(f"CREATE TRIGGER {name} AFTER {event} WHEN {when} BEGIN {deed}; END")
    for table in SEARCHED:
        for statement in WORDS:
            op.execute(statement.format(table=table))


def _finish_postgresql() -> None:
    for name, event, when, deed in TRIGGERS:
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {deed}; RETURN NULL; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()")
    op.execute(ZOEKVECTOR)
    for table in SEARCHED:
        op.execute(f"CREATE INDEX ix_{table}_zoekvector ON {table} USING gin (zoekvector(zoekwoorden))")
