"""How SQLite reads lists, also where it knows nothing of how much there is: by indexes, and in their order."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Select, select

from app.domain.finding.filters import (
    KLANTCONTACT_POSITIONS,
    TAAK_POSITIONS,
    KlantcontactFilter,
    Page,
    Position,
    TaakFilter,
)
from app.domain.finding.search import read_zoektekst
from app.domain.model import InterneTaakStatus, Rol, Volgorde
from app.domain.rights import Scope
from app.storage.lists.conditions import Conditions, klantcontact_conditions, taak_conditions
from app.storage.lists.pages import ListPage
from app.storage.lists.paging import counted
from app.storage.read.relations import longest_waiting
from app.storage.schema.tables import organisatorische_eenheid
from app.storage.sql.prepared import Prepared
from tests.support.databases import sqlite_file
from tests.support.each import each

pytestmark = pytest.mark.database("sqlite")

OWN = "11111111-1111-4111-8111-111111111111"
EMPLOYEE = Scope(frozenset({Rol.LEZER}), frozenset({OWN}))
SEES_ALL = Scope(frozenset({Rol.TOEZICHTHOUDER}), frozenset())
OPEN, DONE = InterneTaakStatus.TE_DOEN, InterneTaakStatus.GEDAAN
VERGUNNING = read_zoektekst("vergunning")

WHOLE_TABLE = re.compile(
    r"SCAN (interne_taak|klantcontact|inzage|gebeurtenis|rij|eerste|taak|contact)\b(?! VIRTUAL)"
)
SORTED = "USE TEMP B-TREE FOR ORDER BY"

OF_ONE_INDEX = {
    "inbox, open": (EMPLOYEE, TaakFilter(organisatorische_eenheid_id=OWN, status=OPEN)),
    "inbox, done": (EMPLOYEE, TaakFilter(organisatorische_eenheid_id=OWN, status=DONE)),
    "inbox, open, words": (EMPLOYEE, TaakFilter(organisatorische_eenheid_id=OWN, status=OPEN, zoek=VERGUNNING)),
    "inbox, nobody's": (EMPLOYEE, TaakFilter(organisatorische_eenheid_id=OWN, status=OPEN, toegewezen=False)),
    "everything that is done": (SEES_ALL, TaakFilter(status=DONE)),
}
OF_SEVERAL = {
    "inbox, open and done": (EMPLOYEE, TaakFilter(organisatorische_eenheid_id=OWN)),
    "of an employee": (EMPLOYEE, TaakFilter()),
    "of an employee, done": (EMPLOYEE, TaakFilter(status=DONE)),
    "of an employee, of one act": (EMPLOYEE, TaakFilter(gevraagde_handeling="Terugbellen")),
    "of an employee, words": (EMPLOYEE, TaakFilter(zoek=VERGUNNING)),
    "everything": (SEES_ALL, TaakFilter()),
    "everything, words": (SEES_ALL, TaakFilter(zoek=VERGUNNING)),
    "everything, ten digits": (SEES_ALL, TaakFilter(zoek=read_zoektekst("1234567890"))),
}
CONTACTS = {
    "of an employee": (EMPLOYEE, KlantcontactFilter()),
    "of an employee, words": (EMPLOYEE, KlantcontactFilter(zoek=VERGUNNING)),
    "of a department": (EMPLOYEE, KlantcontactFilter(organisatorische_eenheid_id=OWN)),
    "everything": (SEES_ALL, KlantcontactFilter()),
    "everything, ten digits": (SEES_ALL, KlantcontactFilter(zoek=read_zoektekst("1234567890"))),
}


class Explaining:
    """A database that tells how it would execute a statement."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def plan(self, statement: Select[Any], values: Mapping[str, Any]) -> list[str]:
        """The steps."""
        text = Prepared.of(statement).sqlite
        return [row[3] for row in self._connection.execute(f"EXPLAIN QUERY PLAN {text.sql}", text.values(values))]

    def page(self, conditions: Conditions, volgorde: Volgorde, after: Position | None) -> list[str]:
        """The steps of reading a page."""
        paged = ListPage(conditions, volgorde, Page(50, after))
        listed = select(conditions.table).where(*paged.where()).order_by(*paged.order_by()).limit(paged.limit())
        return self.plan(listed, paged.values)

    def count(self, scope: Scope, asked: TaakFilter | KlantcontactFilter) -> list[str]:
        """The steps of counting."""
        one = counted(scope, asked)
        return self.plan(one.statement(), one.values)


@pytest.fixture
def explaining(migrated_url: str) -> Iterator[Explaining]:
    with closing(sqlite3.connect(sqlite_file(migrated_url))) as connection:
        yield Explaining(connection)


def places(shape: tuple[type, ...]) -> list[Position | None]:
    """The beginning of a list, and a place in it."""
    return [None, tuple(1 if kind is int else "2026-01-01T00:00:00.000Z" for kind in shape)]


@pytest.mark.parametrize("name", OF_ONE_INDEX)
def test_a_page_of_one_department_and_status_is_read_in_the_order_of_an_index(
    explaining: Explaining, name: str
) -> None:
    scope, asked = OF_ONE_INDEX[name]
    for volgorde in Volgorde:
        for after in each(places(TAAK_POSITIONS[volgorde])):
            plan = explaining.page(taak_conditions(scope, asked), volgorde, after)
            # Behind a place each rang is read by itself.
            sorted_ = [SORTED] if after and volgorde is Volgorde.LANGST_WACHTEND_EERST else []
            assert [step for step in plan if WHOLE_TABLE.match(step) or "TEMP B-TREE" in step] == sorted_, plan
            read = [step for step in plan if re.match(r"SEARCH (rij|interne_taak) USING .*INDEX ix_", step)]
            assert len(read) == (2 if sorted_ else 1), plan
            # Whatever comes before the place is not read either.
            assert after is None or all(")>(" in step or ")<(" in step for step in each(read)), read


@pytest.mark.parametrize("name", OF_SEVERAL)
def test_a_page_of_several_reasons_or_statuses_is_put_together_of_the_first_rows_of_each(
    explaining: Explaining, name: str
) -> None:
    scope, asked = OF_SEVERAL[name]
    for volgorde in Volgorde:
        for after in each(places(TAAK_POSITIONS[volgorde])):
            plan = explaining.page(taak_conditions(scope, asked), volgorde, after)
            assert not [step for step in plan if WHOLE_TABLE.match(step)], (volgorde, plan)
            # Nothing is sorted but what was put together, and what was found by its words.
            sorted_ = [SORTED, SORTED] if asked.zoek.woorden else [SORTED]
            assert [step for step in plan if "TEMP B-TREE" in step] == sorted_, (volgorde, plan)


@pytest.mark.parametrize("status", [None, OPEN, DONE])
@pytest.mark.parametrize("scope", [EMPLOYEE, SEES_ALL], ids=["of an employee", "everything"])
def test_a_page_of_a_text_that_is_of_no_inbox_is_looked_up_in_the_index_of_words(
    explaining: Explaining, scope: Scope, status: InterneTaakStatus | None
) -> None:
    for volgorde in Volgorde:
        for after in each(places(TAAK_POSITIONS[volgorde])):
            conditions = taak_conditions(scope, TaakFilter(status=status, zoek=VERGUNNING))
            plan = explaining.page(conditions, volgorde, after)
            assert [step for step in plan if step.startswith("SCAN interne_taak_woorden VIRTUAL TABLE")], plan


@pytest.mark.parametrize("name", CONTACTS)
def test_a_page_of_contacts_is_put_together_of_the_first_rows_of_each_reason(
    explaining: Explaining, name: str
) -> None:
    scope, asked = CONTACTS[name]
    for volgorde, after in product(Volgorde, each(places(KLANTCONTACT_POSITIONS[Volgorde.NIEUWSTE_EERST]))):
        plan = explaining.page(klantcontact_conditions(scope, asked), volgorde, after)
        # All that there are, in the order of the list: until the page is full.
        in_order = ("SCAN klantcontact USING INDEX", "SCAN rij USING INDEX ix_klantcontact_geregistreerd_op_id")
        steps = [step for step in plan if not step.startswith(in_order)]
        assert not [step for step in steps if WHOLE_TABLE.match(step)], (volgorde, plan)
        assert plan.count(SORTED) <= 1 + bool(asked.zoek.woorden), (volgorde, plan)


def test_what_an_inbox_counts_is_read_and_what_an_employee_sees_is_counted_in_indexes(
    explaining: Explaining,
) -> None:
    inbox = TaakFilter(organisatorische_eenheid_id=OWN, status=OPEN)
    for asked in (
        inbox,
        TaakFilter(organisatorische_eenheid_id=OWN, status=OPEN, toegewezen=False),
        TaakFilter(organisatorische_eenheid_id=OWN, status=OPEN, klant_aan_de_lijn=True),
    ):
        for scope in (EMPLOYEE, SEES_ALL):
            assert "interne_taak" not in "".join(explaining.count(scope, asked))
    for many in (TaakFilter(), TaakFilter(zoek=VERGUNNING), KlantcontactFilter()):
        plan = explaining.count(EMPLOYEE, many)
        assert not [step for step in plan if WHOLE_TABLE.match(step)], plan


@pytest.mark.parametrize("asked", [TaakFilter(zoek=VERGUNNING), KlantcontactFilter(zoek=VERGUNNING)])
def test_what_has_the_words_is_counted_in_their_index(
    explaining: Explaining, asked: TaakFilter | KlantcontactFilter
) -> None:
    for scope in (EMPLOYEE, SEES_ALL):
        plan = explaining.count(scope, asked)
        assert [step for step in plan if re.match(r"SCAN \w+_woorden VIRTUAL TABLE INDEX", step)], plan


def test_who_may_not_open_an_inbox_gets_no_count_of_its_counters(explaining: Explaining) -> None:
    other = TaakFilter(organisatorische_eenheid_id=OWN.replace("1", "2"), status=OPEN)
    assert "interne_taak" in "".join(explaining.count(EMPLOYEE, other))


def test_the_longest_waiting_of_an_inbox_is_looked_up(explaining: Explaining) -> None:
    eenheid = organisatorische_eenheid.c.id
    plan = explaining.plan(select(longest_waiting(eenheid)).where(eenheid == OWN), {})
    steps = [step for step in plan if "interne_taak" in step]
    assert len(steps) == 2
    assert all("COVERING INDEX" in step and "rang=?" in step for step in each(steps))
