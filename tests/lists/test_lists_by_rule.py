"""Whoever asks whichever list, in whichever order and from whichever place on: it has what the contract says of all
that stands, read by a plan and by graphql-core alike. Contacts have several tasks, tasks of one contact are in
several inboxes, and many moments are the same.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import orjson
import pytest
from strawberry import Schema

from app.domain.finding.search import read_zoektekst
from app.domain.model import InterneTaak, InterneTaakStatus, Klantcontact
from app.domain.rights import Login
from tests.support.both_ways import Process, Run, asking
from tests.support.client import JSON
from tests.support.each import each
from tests.support.generated.documents import Generated
from tests.support.generated.populated import Populated
from tests.support.generated.population import Population
from tests.support.generated.rules import Rules, contacts_in_order

INTERNE_TAKEN = """
query ($filter: InterneTaakFilter, $volgorde: Volgorde!, $first: Int!, $after: String) {
  list: interneTaken(filter: $filter, volgorde: $volgorde, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage } edges { cursor node { id } }
  }
}
"""

KLANTCONTACTEN = """
query ($filter: KlantcontactFilter, $volgorde: Volgorde!, $first: Int!, $after: String) {
  list: klantcontacten(filter: $filter, volgorde: $volgorde, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage } edges { cursor node { id } }
  }
}
"""

POSTVAK = """
query ($eenheid: ID!, $filter: PostvakFilter, $volgorde: Volgorde!, $first: Int!, $after: String) {
  postvak(organisatorischeEenheidId: $eenheid) {
    list: interneTaken(filter: $filter, volgorde: $volgorde, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage } edges { cursor node { id } }
    }
  }
}
"""

OWN_POSTVAKKEN = """
query ($filter: PostvakFilter, $volgorde: Volgorde!, $first: Int!) {
  ik {
    postvakken {
      organisatorischeEenheid { id }
      interneTaken(filter: $filter, volgorde: $volgorde, first: $first) {
        totalCount pageInfo { hasNextPage } edges { node { id } }
      }
    }
  }
}
"""

OF_EVERY_FACT = """
query ($filter: PostvakFilter, $volgorde: Volgorde!, $first: Int!) {
  interneTaken(first: 6) {
    edges {
      node {
        id
        logboek {
          versie
          postvak {
            organisatorischeEenheid { id }
            interneTaken(filter: $filter, volgorde: $volgorde, first: $first) {
              totalCount pageInfo { hasNextPage } edges { node { id } }
            }
          }
        }
      }
    }
  }
}
"""

BEHIND_A_PLACE = """
query ($eenheid: ID!, $filter: PostvakFilter, $volgorde: Volgorde!, $first: Int!, $after: String) {
  interneTaken(filter: { organisatorischeEenheidId: $eenheid }, first: 3) {
    edges {
      node {
        laatsteGebeurtenis {
          postvak {
            interneTaken(filter: $filter, volgorde: $volgorde, first: $first, after: $after) {
              totalCount pageInfo { hasNextPage } edges { cursor node { id } }
            }
          }
        }
      }
    }
  }
}
"""

ORDERS = ["LANGST_WACHTEND_EERST", "NIEUWSTE_EERST", "LAATST_GEDAAN_EERST"]


def every(*pairs: tuple[str, str]) -> pytest.MarkDecorator:
    """A filter by its name, and an order by where it stands in ORDERS: every pair of them takes too long."""
    return pytest.mark.parametrize(
        ("name", "volgorde"), [(name, ORDERS[int(place)]) for name, places in pairs for place in places]
    )


@dataclass(frozen=True)
class Asking:
    """Asking a process over what stands, and the rules that say what there is."""

    run: Run
    process: Process
    there: Population
    rules: Rules

    @property
    def logins(self) -> list[Login]:
        """Those of one department, of several, and one who sees all; a few, since graphql-core takes its time."""
        seen = {(login.scope.sees_all, login.scope.eenheden): login for login in self.there.logins}
        alone = [login for (sees_all, eenheden), login in seen.items() if not sees_all and len(eenheden) == 1]
        several = [login for (sees_all, eenheden), login in seen.items() if not sees_all and len(eenheden) > 1]
        [overseer, *_] = [login for (sees_all, _), login in seen.items() if sees_all]
        assert len(several) > 1
        return [alone[0], *several[:2], overseer]

    def data(self, login: Login, document: str, *, both_ways: bool = True, **variables: Any) -> JSON:
        """What somebody is answered by a plan, which is what graphql-core answers."""
        found: list[JSON] = []

        async def ask() -> None:
            operation = await self.process.operation(Generated(document, None, variables))
            assert operation is not None
            answered = await self.process.answered(operation, login)
            assert answered.ways == ["compiled"]
            assert not both_ways or answered == await self.process.interpreted(operation, login)
            found.append(orjson.loads(answered.body))

        self.run(ask())
        [answer] = found
        assert "errors" not in answer, answer
        return answer["data"]


@pytest.fixture(scope="module")
def asked(populated: Populated, schema: Schema) -> Iterator[Asking]:
    with asking(populated.settings, schema) as (run, process):
        yield Asking(run, process, populated.there, Rules(populated.there))


def walk(asked: Asking, login: Login, document: str, expected: Sequence[str], size: int, **variables: Any) -> None:
    """Every page of a list has what is expected of it; the second is read by graphql-core as well."""
    after, found, total = None, list[str](), len(expected)
    while True:
        is_second = len(found) == size
        answer = asked.data(login, document, both_ways=is_second, **variables, first=size, after=after)
        page = answer.get("postvak", answer)["list"]
        found += [edge["node"]["id"] for edge in page["edges"]]
        assert page["totalCount"] == total
        assert found == expected[: len(found)]
        assert page["pageInfo"]["hasNextPage"] == (len(found) < total)
        if not page["pageInfo"]["hasNextPage"]:
            break
        assert len(page["edges"]) == size
        after = page["edges"][-1]["cursor"]
    assert found == expected


ZOEK = read_zoektekst("x")
"""What most texts that were drawn have."""

TASKS: Mapping[str, tuple[JSON, Callable[[Asking, InterneTaak], bool]]] = {
    "all": ({}, lambda asked, taak: True),
    "open": ({"status": "TE_DOEN"}, lambda asked, taak: taak.te_doen),
    "done, on the line": (
        {"status": "GEDAAN", "klantAanDeLijn": True},
        lambda asked, taak: taak.status is InterneTaakStatus.GEDAAN and taak.klant_aan_de_lijn,
    ),
    "nobody's": ({"toegewezen": False}, lambda asked, taak: taak.van_niemand),
    "open, nobody's": (
        {"status": "TE_DOEN", "toegewezen": False},
        lambda asked, taak: taak.te_doen and taak.van_niemand,
    ),
    "open, somebody's": (
        {"status": "TE_DOEN", "toegewezen": True},
        lambda asked, taak: taak.te_doen and not taak.van_niemand,
    ),
    "open, on the line": (
        {"status": "TE_DOEN", "klantAanDeLijn": True},
        lambda asked, taak: taak.te_doen and taak.klant_aan_de_lijn,
    ),
    "of a text": ({"zoektekst": "x"}, lambda asked, taak: asked.rules.task_has(taak, ZOEK)),
    "open, of a text": (
        {"status": "TE_DOEN", "zoektekst": "x"},
        lambda asked, taak: taak.te_doen and asked.rules.task_has(taak, ZOEK),
    ),
}


@every(("all", "012"), ("of a text", "012"), ("open", "0"), ("nobody's", "1"), ("done, on the line", "2"))
def test_the_list_of_tasks_has_on_each_page_what_may_be_read(asked: Asking, name: str, volgorde: str) -> None:
    given, means = TASKS[name]
    for login in each(asked.logins):
        tasks = [taak for taak in asked.rules.tasks(login) if means(asked, taak)]
        expected = [taak.id for taak in asked.rules.in_order(tasks, volgorde)]
        walk(asked, login, INTERNE_TAKEN, expected, 4, volgorde=volgorde, filter=given)


@pytest.mark.parametrize("volgorde", ORDERS[:2])
@pytest.mark.parametrize("words", [{}, {"zoektekst": "x"}], ids=["all", "of a text"])
def test_a_list_of_a_department_has_of_it_what_may_be_read(asked: Asking, words: JSON, volgorde: str) -> None:
    zoek = read_zoektekst(words.get("zoektekst"))
    for login, eenheid in product(asked.logins[:2], [one.id for one in asked.there.eenheden]):
        given = {"volgorde": volgorde, "filter": {"organisatorischeEenheidId": eenheid, **words}}
        tasks = [taak for taak in asked.rules.tasks(login) if taak.eenheid_id == eenheid]
        tasks = [taak for taak in tasks if asked.rules.task_has(taak, zoek)]
        walk(asked, login, INTERNE_TAKEN, [one.id for one in asked.rules.in_order(tasks, volgorde)], 4, **given)
        contacts = [contact for contact in asked.rules.contacts(login) if contact.eenheid_id == eenheid]
        contacts = [contact for contact in contacts if asked.rules.contact_has(contact, zoek, login)]
        walk(asked, login, KLANTCONTACTEN, [one.id for one in contacts_in_order(contacts, volgorde)], 4, **given)


CONTACTS: Mapping[str, tuple[JSON, Callable[[Asking, Login, Klantcontact], bool]]] = {
    "all": ({}, lambda asked, login, contact: True),
    "of a text": ({"zoektekst": "x"}, lambda asked, login, contact: asked.rules.contact_has(contact, ZOEK, login)),
    "of a channel": ({"kanaal": "Telefoon"}, lambda asked, login, contact: contact.kanaal == "Telefoon"),
}


@every(("all", "012"), ("of a text", "01"), ("of a channel", "2"))
def test_the_list_of_contacts_has_on_each_page_what_may_be_read(asked: Asking, name: str, volgorde: str) -> None:
    given, means = CONTACTS[name]
    for login in each(asked.logins):
        contacts = [contact for contact in asked.rules.contacts(login) if means(asked, login, contact)]
        expected = [contact.id for contact in contacts_in_order(contacts, volgorde)]
        walk(asked, login, KLANTCONTACTEN, expected, 3, volgorde=volgorde, filter=given)


OPEN = (("open", "0"), ("open, nobody's", "1"), ("open, somebody's", "2"), ("open, on the line", "0"))
"""How many there are of most of these in an inbox is counted beforehand."""


@every(("all", "0"), ("of a text", "1"), ("nobody's", "2"), *OPEN)
def test_the_list_of_an_inbox_has_on_each_page_what_is_in_it(asked: Asking, name: str, volgorde: str) -> None:
    for login in each(asked.logins):
        for eenheid in login.eenheden:
            expected = in_inbox(asked, login, eenheid, name, volgorde)
            walk(asked, login, POSTVAK, expected, 3, eenheid=eenheid, volgorde=volgorde, filter=TASKS[name][0])


def in_inbox(asked: Asking, login: Login, eenheid: str, name: str, volgorde: str) -> list[str]:
    """The tasks in a department's inbox that somebody may read, under a filter and in an order."""
    tasks = [
        taak for taak in asked.rules.tasks(login) if taak.eenheid_id == eenheid and TASKS[name][1](asked, taak)
    ]
    return [taak.id for taak in asked.rules.in_order(tasks, volgorde)]


def page_of(expected: Sequence[str], start: int, first: int) -> JSON:
    """What a page has of what is expected, without its cursors."""
    return {
        "totalCount": len(expected),
        "pageInfo": {"hasNextPage": start + first < len(expected)},
        "edges": [{"node": {"id": id_}} for id_ in expected[start : start + first]],
    }


@every(("all", "0"), ("of a text", "1"), ("nobody's", "2"), *OPEN)
def test_of_several_inboxes_at_once_each_lists_what_is_in_it(asked: Asking, name: str, volgorde: str) -> None:
    for login in each(asked.logins):
        found = asked.data(login, OWN_POSTVAKKEN, filter=TASKS[name][0], volgorde=volgorde, first=2)
        postvakken = found["ik"]["postvakken"]
        assert [postvak["organisatorischeEenheid"]["id"] for postvak in postvakken] == list(login.eenheden)
        expected = [in_inbox(asked, login, eenheid, name, volgorde) for eenheid in login.eenheden]
        assert [postvak["interneTaken"] for postvak in postvakken] == [page_of(ids, 0, 2) for ids in expected]


@every(("all", "0"), ("of a text", "1"), ("nobody's", "2"))
def test_of_many_tasks_each_fact_leads_to_what_may_be_read_in_its_inbox(
    asked: Asking, name: str, volgorde: str
) -> None:
    for login in each(asked.logins):
        tasks = asked.rules.in_order(asked.rules.tasks(login), "LANGST_WACHTEND_EERST")[:6]
        inboxes = {
            one.id: page_of(in_inbox(asked, login, one.id, name, volgorde), 0, 2) for one in asked.there.eenheden
        }
        found = asked.data(login, OF_EVERY_FACT, filter=TASKS[name][0], volgorde=volgorde, first=2)
        listed = {edge["node"]["id"]: edge["node"]["logboek"] for edge in found["interneTaken"]["edges"]}
        assert list(listed) == [taak.id for taak in tasks]
        for taak in each(tasks):
            facts = sorted((one.versie, one.eenheid_id) for one in asked.there.feiten if one.taak_id == taak.id)
            assert [
                (fact["versie"], fact["postvak"]["organisatorischeEenheid"]["id"]) for fact in listed[taak.id]
            ] == facts
            for fact in each(listed[taak.id]):
                postvak = fact["postvak"]
                assert postvak["interneTaken"] == inboxes[postvak["organisatorischeEenheid"]["id"]]


@every(("all", "0"), ("of a text", "1"), ("nobody's", "2"))
def test_under_several_tasks_of_an_inbox_its_list_goes_on_behind_any_place(
    asked: Asking, name: str, volgorde: str
) -> None:
    login = asked.logins[-1]
    for eenheid in each(one.id for one in asked.there.eenheden):
        given = {"eenheid": eenheid, "filter": TASKS[name][0], "volgorde": volgorde}
        expected, after = in_inbox(asked, login, eenheid, name, volgorde), None
        for start in each(range(0, max(1, len(expected)), 4)):
            found = asked.data(login, BEHIND_A_PLACE, **given, first=4, after=after)
            pages = [
                edge["node"]["laatsteGebeurtenis"]["postvak"]["interneTaken"]
                for edge in found["interneTaken"]["edges"]
            ]
            assert len(pages) == 3
            assert pages[1:] == pages[:1] * 2
            after = pages[0]["edges"][-1]["cursor"] if pages[0]["edges"] else None
            without = {**pages[0], "edges": [{"node": edge["node"]} for edge in pages[0]["edges"]]}
            assert without == page_of(expected, start, 4)
