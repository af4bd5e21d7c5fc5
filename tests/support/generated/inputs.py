"""Random inputs of every mutation for a caller: most are accepted, others refused for any reason."""

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

from app.domain.model import Betrokkene, InterneTaak
from app.domain.rights import Login
from tests.support.client import JSON
from tests.support.generated.documents import Inputs
from tests.support.generated.populating import ADRESSEN
from tests.support.generated.population import Population
from tests.support.generated.texts import WORDS
from tests.support.inputs import UNKNOWN

T = TypeVar("T")
Some = st.SearchStrategy[JSON]

_ODD_TEXTS = ("", " \u200b ", "x" * 1001, "a\x07b", "\x00")
_LONG = "Regel één. \U0001f468\u200d\U0001f469\u200d\U0001f467 \u05e9\u05dc\u05d5\u05dd\n" * 20
_TEXTS = (*(f"{word} x" for word in WORDS), "e\u0301e\u0301n", " aan beide kanten ", "x" * 200, _LONG[:1000])


def asking(there: Population) -> st.SearchStrategy[Login]:
    """Callers, more often those who may register."""
    return st.sampled_from([*[login for login in there.logins if login.may_register()] * 3, *there.logins])


def inputs(login: Login, there: Population) -> Inputs:
    """Inputs by the name of the mutation, more often of tasks for which the caller may do it."""
    own = [taak for taak in there.taken if login.may_handle(taak)]
    to_do = [taak for taak in own if taak.te_doen]
    free = [taak for taak in to_do if taak.van_niemand]
    sent = [taak for taak in there.taken if login.may_withdraw(taak) and taak.te_doen and taak.van_niemand]

    def rather(some: Sequence[InterneTaak]) -> st.SearchStrategy[InterneTaak]:
        likely = st.sampled_from(some or own or there.taken)
        return st.integers(0, 3).flatmap(lambda one: st.sampled_from(there.taken) if one == 3 else likely)

    return {
        "registreerKlantcontact": _klantcontact(there),
        "registreerInterneTaak": _taak(there, klantcontactId=_seldom_unknown(_ids(there.klantcontacten))),
        "neemInterneTaak": rather(free).flatmap(lambda one: _of(one, guarded=False)),
        "wijsInterneTaakToe": rather(to_do).flatmap(
            lambda one: _of(one, medewerkerId=_colleague(there, one.eenheid_id))
        ),
        "legInterneTaakTerug": rather([taak for taak in to_do if not taak.van_niemand]).flatmap(_of),
        "wijzigInterneTaakStatus": rather(own).flatmap(_new_status),
        "stuurInterneTaakDoor": rather(to_do).flatmap(lambda one: _forward(there, one)),
        "trekInterneTaakIn": rather(sent).flatmap(lambda one: _of(one, toelichting=_text())),
        "registreerContactpoging": rather(to_do).flatmap(_of),
        "vraagTerugbellen": rather(sent).flatmap(lambda one: _of(one, betrokkene=st.none() | _betrokkene())),
        "registreerBetrokkene": st.fixed_dictionaries(
            {"klantcontactId": _seldom_unknown(_ids(there.klantcontacten)), "betrokkene": _betrokkene()}
        ),
        "wijzigBetrokkene": st.sampled_from(there.betrokkenen).flatmap(_correction),
        "voegToelichtingToe": rather(own).flatmap(lambda one: _of(one, guarded=False, toelichting=_text())),
    }


def _new_status(taak: InterneTaak) -> Some:
    return _of(taak, status=st.sampled_from(_status(taak)), antwoord=_seldom(st.none(), *_TEXTS))


def _status(taak: InterneTaak) -> Sequence[str]:
    return ("GEDAAN", "TE_DOEN") if taak.te_doen else ("TE_DOEN", "GEDAAN")


def _of(taak: InterneTaak, *, guarded: bool = True, **more: Some) -> Some:
    """The input of a deed with a task."""
    needed: dict[str, Some] = {"id": _seldom(st.just(taak.id), UNKNOWN, "geen-uuid", taak.id.upper())}
    optional: dict[str, Some] = {}
    if guarded:
        needed["versie"] = _seldom(st.just(taak.versie), taak.versie - 1, taak.versie + 1)
        optional["toelichting"] = st.none() | _text()
    needed |= more
    return st.fixed_dictionaries(needed, optional={k: v for k, v in optional.items() if k not in needed})


def _forward(there: Population, taak: InterneTaak) -> Some:
    return st.sampled_from(there.eenheden).flatmap(
        lambda naar: _of(
            taak,
            organisatorischeEenheidId=_seldom_unknown([naar.id]),
            medewerkerId=st.none() | _colleague(there, naar.id),
            toelichting=_text(),
        )
    )


def _klantcontact(there: Population) -> Some:
    # At most one task without an id: the order of ids that the server chooses is different every time.
    with_ids = st.lists(_taak(there, id=_new_id()), max_size=3)
    without = st.lists(_taak(there), max_size=1)
    return st.fixed_dictionaries(
        {"onderwerp": _text(200), "interneTaken": with_ids | without},
        optional={
            "id": _new_id() | st.sampled_from(_ids(there.klantcontacten)),
            "kanaal": _seldom(st.none() | st.sampled_from(there.kanalen), "Postduif"),
            "initiatiefnemer": st.sampled_from(["KLANT", "GEMEENTE"]),
            "inhoud": st.none() | _text(),
            "plaatsgevondenOp": _seldom(st.none() | st.just("2026-02-01T00:00:00Z"), "9999-01-01T00:00:00Z"),
            "betrokkene": st.none() | _betrokkene(),
        },
    )


def _betrokkene() -> Some:
    adres = st.sampled_from(
        [{"soortDigitaalAdres": soort.value, "adres": adres} for soort, adres in ADRESSEN]
        + [{"soortDigitaalAdres": "TELEFOONNUMMER", "adres": adres} for adres in ("06-12 34 56 78", "0900 1234")]
    )
    naam = st.fixed_dictionaries({"achternaam": _text(200)}, optional={"voorletters": _text(10)})
    return st.fixed_dictionaries(
        {"digitaleAdressen": st.lists(adres, max_size=3)},
        optional={"rol": st.sampled_from(["KLANT", "VERTEGENWOORDIGER"]), "contactnaam": st.none() | naam},
    )


def _correction(betrokkene: Betrokkene) -> Some:
    id_ = _seldom(st.just(betrokkene.id), UNKNOWN, "geen-uuid")
    versie = _seldom(st.just(betrokkene.versie), betrokkene.versie - 1, betrokkene.versie + 1)
    return st.fixed_dictionaries({"id": id_, "versie": versie, "betrokkene": _betrokkene()})


def _taak(there: Population, **more: Some) -> Some:
    def in_eenheid(eenheid_id: str) -> Some:
        needed = {
            "gevraagdeHandeling": _text(200),
            "organisatorischeEenheidId": st.just(eenheid_id),
        }
        optional = {
            "id": _new_id(),
            "klantAanDeLijn": st.booleans(),
            "toelichting": st.none() | _text(),
            "medewerkerId": st.none() | _colleague(there, eenheid_id),
        }
        return st.fixed_dictionaries(needed | more, optional={k: v for k, v in optional.items() if k not in more})

    return _seldom_unknown(_ids(there.eenheden)).flatmap(in_eenheid)


def _colleague(there: Population, eenheid_id: str) -> Some:
    """An employee, more often of this department than of another one."""
    here = [one.id for one in there.medewerkers if one.eenheid_id == eenheid_id and one.actief]
    return st.sampled_from([*here * 4, *_ids(there.medewerkers), UNKNOWN])


def _new_id() -> Some:
    return st.uuids(version=4).map(str)


def _text(most: int = 1000) -> Some:
    return _seldom(st.sampled_from([text[:most] for text in _TEXTS]), *_ODD_TEXTS)


def _ids(objects: Sequence[object]) -> list[str]:
    return [one.id for one in objects]  # type: ignore[attr-defined]


def _seldom_unknown(ids: Sequence[str]) -> Some:
    return _seldom(st.sampled_from(ids), UNKNOWN, "geen-uuid")


def _seldom(mostly: Some, *odd: JSON) -> Some:
    """One of the odd values in one of sixteen examples, else one of `mostly`."""
    return st.integers(0, 15).flatmap(lambda number: st.sampled_from(odd) if number == 15 else mostly)
