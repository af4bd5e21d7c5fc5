"""What one operation notes of what it read, changed and was refused, for the processing log."""

import asyncio
from contextlib import suppress

import pytest

from app.domain.model import Initiatiefnemer, InterneTaak, InterneTaakStatus, Klantcontact
from app.domain.organisation import LoginGeweigerd
from app.domain.refusals import IdAlInGebruik, NietGevonden, OvergangGeweigerd, OvergangReden, VersieVerouderd
from app.domain.rights import Scope
from app.domain.streams import CursorOngeldig, CursorVerlopen
from app.service.verwerking import Geweigerd, Verwerking
from app.service.verwerkingenlog import Regel, Verwerkingenlog
from tests.support.table import fact

ID = "10000000-0000-4000-8000-00000000000a"
CHOSEN = "10000000-0000-4000-8000-00000000000b"
NOBODY = Scope(frozenset(), frozenset())

CONTACT = Klantcontact(
    "contact",
    "1000000001",
    "nu",
    "Telefoon",
    "wie",
    "een",
    Initiatiefnemer.KLANT,
    "Dakkapel",
    None,
    "nu",
    None,
)
TAAK = InterneTaak(
    id="taak",
    nummer="1000000002",
    geregistreerd_op="nu",
    geregistreerd_door_id="wie",
    geregistreerd_door_eenheid_id="een",
    klantcontact_id="contact",
    wachtend_sinds="nu",
    klant_aan_de_lijn=False,
    gevraagde_handeling="Terugbellen",
    toelichting=None,
    status=InterneTaakStatus.TE_DOEN,
    eenheid_id="een",
    medewerker_id=None,
    gedaan_op=None,
    gedaan_door_id=None,
    versie=1,
)


@pytest.fixture
def verwerking() -> Verwerking:
    return Verwerking(NOBODY, kind="mutation")


def outcome(*did: Verwerking) -> list[str]:
    """How the log says that operations ended; nothing of those that it does not tell of."""
    lines: list[Regel] = []
    for one in did:
        Verwerkingenlog(lines.append).operation(one)
    return [line["uitkomst"] for line in lines]


REFUSALS: list[tuple[BaseException, str]] = [
    (NietGevonden(ID), "NietGevonden"),
    (LoginGeweigerd("the employee is deactivated"), "LoginGeweigerd"),
    (CursorOngeldig(), "CursorOngeldig"),
    (CursorVerlopen(), "CursorVerlopen"),
]


@pytest.mark.parametrize(("raised", "reden"), REFUSALS, ids=lambda one: one if isinstance(one, str) else "")
def test_who_asks_and_is_refused_is_told_why_and_by_which_id(
    verwerking: Verwerking, raised: BaseException, reden: str
) -> None:
    for _ in range(2):
        with pytest.raises(type(raised)), verwerking.asking(ID.upper()):
            raise raised
    assert verwerking.geweigerd == [Geweigerd(reden, ID)]
    assert outcome(verwerking) == ["geweigerd"]


@pytest.mark.parametrize(("raised", "reden"), REFUSALS[:2], ids=["not there", "not let in"])
def test_a_deed_that_is_refused_did_not_fail(verwerking: Verwerking, raised: BaseException, reden: str) -> None:
    with pytest.raises(type(raised)), verwerking.doing(ID):
        raise raised
    assert verwerking.geweigerd == [Geweigerd(reden, ID)]


@pytest.mark.parametrize("raised", [ValueError(), asyncio.CancelledError()], ids=["broken", "given up"])
def test_a_deed_that_breaks_off_has_failed_whatever_ended_it(verwerking: Verwerking, raised: BaseException) -> None:
    with pytest.raises(type(raised)), verwerking.doing(ID):
        raise raised
    assert verwerking.geweigerd == [Geweigerd("Mislukt", ID)]
    assert outcome(verwerking) == ["mislukt"]


def test_what_is_only_asked_and_breaks_off_is_no_refusal(verwerking: Verwerking) -> None:
    with pytest.raises(ValueError), verwerking.asking(ID):  # noqa: PT011 - it has no message
        raise ValueError
    assert (verwerking.geweigerd, outcome(verwerking)) == ([], [])


def test_an_operation_with_a_refusal_and_a_failure_was_refused(verwerking: Verwerking) -> None:
    for raised in (ValueError(), NietGevonden(ID)):
        with suppress(ValueError, NietGevonden), verwerking.doing(None):
            raise raised
    assert outcome(verwerking) == ["geweigerd"]


@pytest.mark.parametrize(
    "shown", [VersieVerouderd(TAAK), OvergangGeweigerd("Al gedaan.", OvergangReden.AL_GEDAAN, TAAK)]
)
def test_who_is_refused_with_the_task_as_it_stands_has_read_it(
    verwerking: Verwerking, shown: VersieVerouderd | OvergangGeweigerd
) -> None:
    with pytest.raises(type(shown)), verwerking.doing(ID):
        raise shown
    assert verwerking.gelezen.interne_taken == {"taak"}


def test_an_id_that_is_in_use_is_told_by_the_one_that_was_chosen(verwerking: Verwerking) -> None:
    with pytest.raises(IdAlInGebruik), verwerking.doing(ID):
        raise IdAlInGebruik(CHOSEN)
    assert verwerking.geweigerd == [Geweigerd("IdAlInGebruik", CHOSEN)]


def test_what_is_executed_anew_has_read_and_been_refused_nothing_but_what_it_changed_stands(
    verwerking: Verwerking,
) -> None:
    verwerking.gelezen.add([CONTACT, TAAK])
    verwerking.gewijzigd.add([CONTACT])
    verwerking.refuse("NietGevonden", ID)
    verwerking.forget()
    assert not verwerking.gelezen
    assert verwerking.geweigerd == []
    assert verwerking.gewijzigd.klantcontacten == {"contact"}


def test_contacts_tasks_and_facts_are_noted_and_nothing_else_is(verwerking: Verwerking) -> None:
    assert not verwerking.is_any
    verwerking.gelezen.add(["text", fact(7)])
    assert (verwerking.gelezen.klantcontacten, verwerking.gelezen.interne_taken) == (set(), {"7"})
    for note in verwerking.notes.values():
        note("noted")
    assert (verwerking.gelezen.klantcontacten, verwerking.gelezen.interne_taken) == ({"noted"}, {"7", "noted"})


@pytest.mark.parametrize("what", ["read", "changed", "refused", "nothing"])
def test_an_operation_is_told_that_read_changed_or_was_refused_anything(verwerking: Verwerking, what: str) -> None:
    of_fact = Verwerking(NOBODY)
    for one in (verwerking, of_fact):
        if what == "read":
            one.gelezen.add([CONTACT])
        elif what == "changed":
            one.gewijzigd.add([TAAK])
        elif what == "refused":
            one.refuse("NietGevonden", None)
    # Where nobody in particular asked, it is no operation.
    assert len(outcome(verwerking, of_fact)) == (0 if what == "nothing" else 1)
