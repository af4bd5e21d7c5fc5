"""Statements that go to the driver as text: one text however many ids, and values that arrive as they are."""

import sqlite3

from sqlalchemy import Integer, bindparam, create_engine, insert, select, true

from app.storage.schema.tables import interne_taak, medewerker
from app.storage.sql.arrays import is_one_of
from app.storage.sql.prepared import Prepared, Template

MEDEWERKER = {"id": "een", "naam": "100% 'Jan' :naam", "actief": True, "rollen": "KCC", "vastgesteld": 1}

NAMES = Prepared.of(
    select(medewerker.c.naam, medewerker.c.actief)
    .where(is_one_of(medewerker.c.id, "ids"), medewerker.c.actief.is_(True), medewerker.c.naam.like("100%"))
    .limit(bindparam("limit", type_=Integer))
)


def test_values_arrive_as_they_are_and_a_list_is_one_of_them() -> None:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE medewerker (id TEXT PRIMARY KEY, naam, actief, rollen, vastgesteld)")
    add = Prepared.of(insert(medewerker)).sqlite
    database.execute(add.sql, add.values(MEDEWERKER))
    for ids, found in ((["een", "twee"], [(MEDEWERKER["naam"], 1)]), (["twee"], []), ([], [])):
        assert database.execute(NAMES.sqlite.sql, NAMES.sqlite.values({"ids": ids, "limit": 9})).fetchall() == found
    [plan] = database.execute(
        f"EXPLAIN QUERY PLAN {NAMES.sqlite.sql}", NAMES.sqlite.values({"ids": [], "limit": 9})
    ).fetchmany(1)
    assert plan[3].startswith("SEARCH medewerker USING INDEX")
    database.close()


def test_on_postgresql_a_parameter_that_is_named_twice_is_given_once() -> None:
    ids = ["een", "twee"]
    statement = select(interne_taak.c.id).where(
        is_one_of(interne_taak.c.eenheid_id, "ids"),
        is_one_of(interne_taak.c.geregistreerd_door_eenheid_id, "ids"),
        interne_taak.c.versie == bindparam("versie"),
    )
    prepared = Prepared.of(statement).postgresql
    assert prepared.sql.count("$1::TEXT[]") == 2
    assert prepared.values({"versie": 3, "ids": ids}) == [ids, 3]


def test_a_text_that_was_put_together_by_hand_is_executed_alike() -> None:
    part = Template.of(select(medewerker.c.naam).where(medewerker.c.naam == "100%"), "sqlite")
    whole = Template(f"SELECT '%%', %(more)s FROM ({part.text})", part.defaults, part.processors)  # noqa: S608
    prepared = Prepared(lambda kind: whole)
    assert prepared.sqlite.sql.startswith("SELECT '%', :more FROM")
    assert prepared.sqlite.values({"more": 1}) == {"naam_1": "100%", "more": 1}
    assert prepared.postgresql.sql.startswith("SELECT '%', $1 FROM")
    assert prepared.postgresql.values({"more": 1}) == [1, "100%"]


def test_with_a_value_it_can_be_executed_in_the_ordinary_way() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        medewerker.create(connection)
        connection.execute(insert(medewerker), MEDEWERKER)
        for ids, found in ((["een", "twee"], ["een"]), ([], [])):
            statement = select(medewerker.c.id).where(is_one_of(medewerker.c.id, "ids", ids), true())
            assert list(connection.execute(statement).scalars()) == found
            assert list(connection.execute(select(~is_one_of(medewerker.c.id, "ids", ids))).scalars()) == [
                not found
            ]
    engine.dispose()
