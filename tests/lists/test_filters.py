"""Filters of the three lists: each condition alone, every two together, and what finds nothing."""

from collections.abc import Callable
from itertools import combinations, product
from typing import Any

import pytest

from tests.support.arrange import registreer, taak
from tests.support.client import JSON
from tests.support.each import each
from tests.support.filling import CONTACTS, TASKS, TASKS_OF_VER, nodes, the_list
from tests.support.people import BURGERZAKEN, DESK, TOEZICHTHOUDER, VERGUNNINGEN
from tests.support.server import Server

TASK = """
fragment Task on InterneTaak {
  id nummer status klantAanDeLijn gevraagdeHandeling geregistreerdOp gedaanOp
  medewerker { id } geregistreerdDoor { id } organisatorischeEenheid { id }
  ontstaanUitKlantcontact { id nummer onderwerp organisatorischeEenheid { id } }
}
"""

INTERNE_TAKEN = f"""
query ($filter: InterneTaakFilter) {{
  list: interneTaken(filter: $filter) {{ totalCount edges {{ node {{ ...Task }} }} }}
}}
{TASK}"""

POSTVAK = f"""
query ($filter: PostvakFilter, $eenheid: ID!) {{
  postvak(organisatorischeEenheidId: $eenheid) {{
    list: interneTaken(filter: $filter) {{ totalCount edges {{ node {{ ...Task }} }} }}
  }}
}}
{TASK}"""

KLANTCONTACTEN = """
query ($filter: KlantcontactFilter) {
  list: klantcontacten(filter: $filter) {
    totalCount
    edges { node { id nummer kanaal onderwerp geregistreerdOp medewerker { id } organisatorischeEenheid { id } } }
  }
}
"""

SIZES = {INTERNE_TAKEN: TASKS, POSTVAK: TASKS_OF_VER, KLANTCONTACTEN: CONTACTS}
LISTS = pytest.mark.parametrize("document", SIZES, ids=["interneTaken", "postvak", "klantcontacten"])

Conditions = dict[str, tuple[Any, Callable[[JSON], bool]]]
"""Values of a filter by field, each with what it means."""


def of_tasks(tasks: list[JSON]) -> Conditions:
    """The conditions of PostvakFilter, with moments between which the tasks lie."""
    registered = sorted(task["geregistreerdOp"] for task in tasks)[len(tasks) // 2]
    finished = sorted(task["gedaanOp"] for task in tasks if task["gedaanOp"])[1]
    return {
        "status": ("GEDAAN", lambda task: task["status"] == "GEDAAN"),
        "klantAanDeLijn": (False, lambda task: not task["klantAanDeLijn"]),
        "toegewezen": (False, lambda task: task["medewerker"] is None),
        "medewerkerId": (VERGUNNINGEN.subject, lambda task: task["medewerker"] == {"id": VERGUNNINGEN.subject}),
        "gevraagdeHandeling": ("Terugbellen", lambda task: task["gevraagdeHandeling"] == "Terugbellen"),
        "zoektekst": ("paspoort", lambda task: task["ontstaanUitKlantcontact"]["onderwerp"] == "Paspoort"),
        "geregistreerdVanaf": (registered, lambda task: task["geregistreerdOp"] >= registered),
        "geregistreerdTot": (registered, lambda task: task["geregistreerdOp"] < registered),
        "gedaanVanaf": (finished, lambda task: (task["gedaanOp"] or "") >= finished),
        "gedaanTot": (finished, lambda task: (task["gedaanOp"] or "9") < finished),
    }


def of_all_tasks(tasks: list[JSON], eenheden: dict[str, str]) -> Conditions:
    """The conditions of InterneTaakFilter."""
    first, contact = tasks[0], tasks[0]["ontstaanUitKlantcontact"]
    kcc, bur = eenheden["KCC"], eenheden["BUR"]
    return of_tasks(tasks) | {
        "nummer": (first["nummer"], lambda task: task["id"] == first["id"]),
        "klantcontactId": (contact["id"], lambda task: task["ontstaanUitKlantcontact"] == contact),
        "klantcontactNummer": (contact["nummer"], lambda task: task["ontstaanUitKlantcontact"] == contact),
        "organisatorischeEenheidId": (bur, lambda task: task["organisatorischeEenheid"] == {"id": bur}),
        "verzondenDoorEenheidId": (
            kcc,
            lambda task: task["ontstaanUitKlantcontact"]["organisatorischeEenheid"] == {"id": kcc},
        ),
        "geregistreerdDoorId": (DESK.subject, lambda task: task["geregistreerdDoor"] == {"id": DESK.subject}),
    }


def of_contacts(contacts: list[JSON], eenheden: dict[str, str]) -> Conditions:
    """The conditions of KlantcontactFilter."""
    registered = sorted(contact["geregistreerdOp"] for contact in contacts)[2]
    kcc = eenheden["KCC"]
    return {
        "nummer": (contacts[1]["nummer"], lambda contact: contact["id"] == contacts[1]["id"]),
        "kanaal": ("Balie", lambda contact: contact["kanaal"] == "Balie"),
        "medewerkerId": (VERGUNNINGEN.subject, lambda contact: contact["medewerker"]["id"] == VERGUNNINGEN.subject),
        "organisatorischeEenheidId": (kcc, lambda contact: contact["organisatorischeEenheid"]["id"] == kcc),
        "zoektekst": ("boom", lambda contact: "boom" in contact["onderwerp"]),
        "geregistreerdVanaf": (registered, lambda contact: contact["geregistreerdOp"] >= registered),
        "geregistreerdTot": (registered, lambda contact: contact["geregistreerdOp"] < registered),
    }


@LISTS
async def test_a_filter_finds_what_meets_all_its_conditions_and_nothing_else(full: Server, document: str) -> None:
    client, eenheid = full.as_(TOEZICHTHOUDER), full.eenheden["VER"]
    everything = await nodes(client, document, eenheid=eenheid)
    assert len(everything) == SIZES[document]
    conditions = {
        INTERNE_TAKEN: lambda: of_all_tasks(everything, full.eenheden),
        POSTVAK: lambda: of_tasks(everything),
        KLANTCONTACTEN: lambda: of_contacts(everything, full.eenheden),
    }[document]()

    for names in [*((name,) for name in conditions), *combinations(conditions, 2), tuple(conditions)]:
        chosen = {name: conditions[name] for name in names}
        expected = [node for node in everything if all(meets(node) for _, meets in chosen.values())]
        found = await the_list(
            client, document, eenheid=eenheid, filter={name: value for name, (value, _) in chosen.items()}
        )
        assert [edge["node"] for edge in found["edges"]] == expected, names
        assert found["totalCount"] == len(expected), names
        if len(names) == 1:
            assert 0 < len(expected) < len(everything), names


async def test_null_is_as_if_left_out(full: Server) -> None:
    client, eenheid = full.as_(TOEZICHTHOUDER), full.eenheden["VER"]
    for document in SIZES:
        everything = await the_list(client, document, eenheid=eenheid)
        conditions = {
            INTERNE_TAKEN: of_all_tasks,
            POSTVAK: lambda tasks, _: of_tasks(tasks),
            KLANTCONTACTEN: of_contacts,
        }[document]([edge["node"] for edge in everything["edges"]], full.eenheden)
        for left_out in (None, {}, dict.fromkeys(conditions)):
            assert await the_list(client, document, eenheid=eenheid, filter=left_out) == everything


@LISTS
async def test_from_is_inclusive_and_until_exclusive_to_the_finest_fraction(full: Server, document: str) -> None:
    client, eenheid = full.as_(TOEZICHTHOUDER), full.eenheden["VER"]
    everything = await nodes(client, document, eenheid=eenheid)
    fields = ["geregistreerd"] if document == KLANTCONTACTEN else ["geregistreerd", "gedaan"]
    for field in each(fields):
        dated = [node for node in everything if node[f"{field}Op"]]
        for moment in each({node[f"{field}Op"] for node in dated}):
            just_after = moment.replace("Z", "000001+00:00")
            at_or_after = [node for node in dated if node[f"{field}Op"] >= moment]
            after = [node for node in dated if node[f"{field}Op"] > moment]
            for bound, value, expected in (
                ("Vanaf", moment, at_or_after),
                ("Tot", moment, [node for node in dated if node not in at_or_after]),
                ("Vanaf", just_after, after),
                ("Tot", just_after, [node for node in dated if node not in after]),
            ):
                asked = {f"{field}{bound}": value}
                assert await nodes(client, document, eenheid=eenheid, filter=asked) == expected, asked


async def test_an_id_is_compared_in_any_case_and_a_requested_act_as_it_would_be_kept(server: Server) -> None:
    task = taak(server.eenheden["VER"], gevraagdeHandeling="Café bellen", medewerkerId=VERGUNNINGEN.subject)
    await registreer(server.as_(DESK), task)
    for asked in (
        {"medewerkerId": VERGUNNINGEN.subject.upper()},
        {"organisatorischeEenheidId": server.eenheden["VER"].upper()},
        {"gevraagdeHandeling": "  Cafe\u0301 bellen\n"},
    ):
        assert len(await nodes(server.as_(VERGUNNINGEN), INTERNE_TAKEN, filter=asked)) == 1, asked


IDS = {
    INTERNE_TAKEN: [
        "klantcontactId",
        "organisatorischeEenheidId",
        "verzondenDoorEenheidId",
        "geregistreerdDoorId",
        "medewerkerId",
    ],
    POSTVAK: ["medewerkerId"],
    KLANTCONTACTEN: ["medewerkerId", "organisatorischeEenheidId"],
}
UNKNOWN = "99999999-9999-4999-8999-999999999999"


async def test_an_id_that_is_malformed_or_unknown_finds_nothing(full: Server) -> None:
    client, eenheid = full.as_(TOEZICHTHOUDER), full.eenheden["VER"]
    for document, fields in IDS.items():
        for field, value in product(each(fields), (UNKNOWN, "", "taak", "%", "\0", "\ud800")):
            asked = {field: value}
            found = await the_list(client, document, eenheid=eenheid, filter=asked)
            assert found == {"totalCount": 0, "edges": []}, asked
        almost = {"medewerkerId": VERGUNNINGEN.subject + "\0"}
        assert await nodes(client, document, eenheid=eenheid, filter=almost) == []


async def test_a_text_that_cannot_be_kept_finds_nothing_and_breaks_nothing(full: Server) -> None:
    client, eenheid = full.as_(TOEZICHTHOUDER), full.eenheden["VER"]
    [task, *_], [contact, *_] = await nodes(client, INTERNE_TAKEN), await nodes(client, KLANTCONTACTEN)
    handeling = {"gevraagdeHandeling": task["gevraagdeHandeling"]}
    numbers = {"nummer": task["nummer"], "klantcontactNummer": task["ontstaanUitKlantcontact"]["nummer"]}
    for document, texts in (
        (INTERNE_TAKEN, handeling | numbers),
        (POSTVAK, handeling),
        (KLANTCONTACTEN, {"nummer": contact["nummer"], "kanaal": contact["kanaal"]}),
    ):
        for field, text in each(texts.items()):
            assert await nodes(client, document, eenheid=eenheid, filter={field: text}), field
            for unkept in ("", "%", "\0", text + "\0", text + "\ud800", "\x7f" + text):
                found = await the_list(client, document, eenheid=eenheid, filter={field: unkept})
                assert found == {"totalCount": 0, "edges": []}, (field, unkept)
        assert await nodes(client, document, eenheid=eenheid, filter={"zoektekst": "boom\0 \ud800x"}) == []


async def test_a_list_leaves_out_and_does_not_count_what_is_not_for_the_caller(full: Server) -> None:
    bo = full.as_(BURGERZAKEN)
    everything = await nodes(full.as_(TOEZICHTHOUDER), INTERNE_TAKEN)
    bur = {"id": full.eenheden["BUR"]}
    [his_contact] = {
        task["ontstaanUitKlantcontact"]["id"]
        for task in everything
        if task["ontstaanUitKlantcontact"]["organisatorischeEenheid"] == bur
    }
    his = [task for task in everything if task["organisatorischeEenheid"] == bur]
    contacts = {task["ontstaanUitKlantcontact"]["id"] for task in his}
    not_his = next(task for task in everything if task["ontstaanUitKlantcontact"]["id"] not in contacts)

    found = await the_list(bo, INTERNE_TAKEN)
    assert (found["totalCount"], [edge["node"] for edge in found["edges"]]) == (len(his), his)
    found = await the_list(bo, KLANTCONTACTEN)
    assert found["totalCount"] == len(contacts)
    assert {edge["node"]["id"] for edge in found["edges"]} == contacts
    assert his_contact in contacts
    for asked in (
        {"klantcontactId": not_his["ontstaanUitKlantcontact"]["id"]},
        {"klantcontactNummer": not_his["ontstaanUitKlantcontact"]["nummer"]},
        {"nummer": not_his["nummer"]},
        {"organisatorischeEenheidId": full.eenheden["VER"]},
    ):
        assert await the_list(bo, INTERNE_TAKEN, filter=asked) == {"totalCount": 0, "edges": []}, asked
