"""The rules alone, without a server: whatever is done in whatever order, what they promise holds."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import inbox
from app.domain.facts import Feit, Overgang
from app.domain.forward import StuurDoor
from app.domain.inbox import Tellers
from app.domain.lifecycle import Deed, LegTerug, Neem, TrekIn, VoegToelichtingToe, WijsToe, WijzigStatus
from app.domain.model import (
    GebeurtenisSoort,
    Initiatiefnemer,
    InterneTaak,
    InterneTaakStatus,
    Klantcontact,
    OrganisatorischeEenheid,
    Rol,
)
from app.domain.organisation import Dienstverband
from app.domain.references import Named
from app.domain.refusals import OvergangGeweigerd
from app.domain.registration import NieuweTaak, new_interne_taak
from app.domain.rights import Login
from tests.support.each import each

EENHEDEN = ["kcc", "ver", "bur"]
LOGINS = [Login(f"{key}-{n}", frozenset({Rol.KCC}), (key,)) for key in EENHEDEN for n in "12"]
MEDEWERKERS = [login.medewerker_id for login in LOGINS]
CONTACT = Klantcontact(
    "contact",
    "1000000000",
    "t00",
    "Telefoon",
    MEDEWERKERS[0],
    "kcc",
    Initiatiefnemer.KLANT,
    "Dakkapel",
    None,
    "t00",
    None,
)

taak_ids = st.sampled_from(["a", "b", "c"])
medewerkers = st.sampled_from(MEDEWERKERS)
# Of each department the second employee has left.
KNOWN = Named(
    medewerkers={
        login.medewerker_id: Dienstverband(
            login.medewerker_id,
            "Iemand",
            login.medewerker_id.endswith("1"),
            login.rollen,
            tuple(OrganisatorischeEenheid(key, key, None, True) for key in login.eenheden),
            0,
        )
        for login in LOGINS
    }
)
notes = st.just("Toelichting.")
deeds: st.SearchStrategy[Deed] = st.one_of(
    st.builds(Neem, taak_id=taak_ids),
    st.builds(WijsToe, taak_id=taak_ids, medewerker_id=medewerkers),
    st.builds(LegTerug, taak_id=taak_ids),
    st.builds(WijzigStatus, taak_id=taak_ids, status=st.sampled_from(InterneTaakStatus), toelichting=notes),
    st.builds(
        StuurDoor,
        taak_id=taak_ids,
        eenheid_id=st.sampled_from(EENHEDEN),
        medewerker_id=st.none() | medewerkers,
        toelichting=notes,
    ),
    st.builds(TrekIn, taak_id=taak_ids, toelichting=notes),
    st.builds(VoegToelichtingToe, taak_id=taak_ids, toelichting=notes),
)
steps = st.lists(st.tuples(deeds, st.sampled_from(LOGINS)), min_size=1, max_size=40)


@dataclass
class Register:
    """What is kept of three tasks: how they stand, every fact, and every inbox's counters as they were changed."""

    taken: dict[str, InterneTaak] = field(default_factory=dict)
    facts: list[Feit] = field(default_factory=list)
    counters: dict[str, Tellers] = field(default_factory=lambda: dict.fromkeys(EENHEDEN, Tellers()))

    def keep(self, overgang: Overgang) -> None:
        self.taken[overgang.na.id] = overgang.na
        self.facts.extend(overgang.feiten)
        for eenheid_id, change in inbox.changes([overgang]).items():
            self.counters[eenheid_id] += change

    def recount(self) -> dict[str, Tellers]:
        """The counters as the tasks themselves tell them, by the words of the contract."""
        counted = {}
        for eenheid_id in EENHEDEN:
            here = [taak for taak in self.taken.values() if taak.eenheid_id == eenheid_id]
            open_ = [taak for taak in here if taak.status is InterneTaakStatus.TE_DOEN]
            nobodys = [taak for taak in open_ if taak.medewerker_id is None]
            on_the_line = [taak for taak in open_ if taak.klant_aan_de_lijn]
            counted[eenheid_id] = Tellers(len(open_), len(nobodys), len(on_the_line))
        return counted


def registered(lines: dict[str, bool]) -> Register:
    """Three tasks of which a citizen may be on the line, registered by the desk for three departments."""
    register = Register()
    for (taak_id, line), eenheid_id in zip(lines.items(), EENHEDEN, strict=True):
        asked = NieuweTaak(None, "Terugbellen", line, "Van de afzender.", eenheid_id, None)
        register.keep(new_interne_taak(asked, CONTACT, LOGINS[0], "t00", taak_id, taak_id))
    return register


def check(register: Register) -> None:
    assert register.counters == register.recount()
    assert Counter(fact.taak_id for fact in register.facts) == {
        taak.id: taak.versie for taak in register.taken.values()
    }
    for taak in each(register.taken.values()):
        facts = [fact for fact in register.facts if fact.taak_id == taak.id]
        assert [fact.versie for fact in facts] == list(range(1, taak.versie + 1))
        last = facts[-1]
        assert (last.eenheid_id, last.status, last.medewerker_id) == (
            taak.eenheid_id,
            taak.status,
            taak.medewerker_id,
        )
        done = taak.status is InterneTaakStatus.GEDAAN
        assert (taak.gedaan_op is not None, taak.gedaan_door_id is not None) == (done, done)
        if last.soort is GebeurtenisSoort.HEROPEND:
            # The citizen has hung up, and whose it was is still there.
            assert not taak.klant_aan_de_lijn
            assert taak.medewerker_id in (None, f"{taak.eenheid_id}-1")
        assert inbox.goes_first(taak) == (not done and taak.klant_aan_de_lijn and taak.medewerker_id is None)
        assert [fact for before, fact in pairwise(facts) if not follows(before, fact)] == []


def follows(before: Feit, fact: Feit) -> bool:
    """Whether a fact of a task may be the next after another."""
    if before.soort is not GebeurtenisSoort.DOORGESTUURD:
        return fact.soort is not GebeurtenisSoort.ONTVANGEN and fact.eenheid_id == before.eenheid_id
    there_and_back = (fact.andere_eenheid_id, fact.eenheid_id) == (before.eenheid_id, before.andere_eenheid_id)
    return fact.soort is GebeurtenisSoort.ONTVANGEN and there_and_back


LIFE = {"status", "klant_aan_de_lijn", "eenheid_id", "medewerker_id", "gedaan_op", "gedaan_door_id", "versie"}
"""What the life of a task changes of it; all else stays as it was registered."""


def allowed(deed: Deed, taak: InterneTaak, login: Login) -> bool:
    """Whether the table allows a deed, in its own words."""
    to_do, nobodys = taak.status is InterneTaakStatus.TE_DOEN, taak.medewerker_id is None
    match deed:
        case Neem():
            return to_do and (nobodys or taak.medewerker_id == login.medewerker_id)
        case WijsToe():
            return to_do and taak.medewerker_id != deed.medewerker_id
        case LegTerug():
            return to_do and not nobodys
        case WijzigStatus():
            return taak.status is not deed.status
        case StuurDoor():
            return to_do and taak.eenheid_id != deed.eenheid_id
        case TrekIn():
            return to_do and nobodys
    return True


def who_may(deed: Deed, taak: InterneTaak) -> set[str]:
    """The departments whose employees may do a deed."""
    if isinstance(deed, VoegToelichtingToe):
        return set(EENHEDEN)
    return {"kcc"} if isinstance(deed, TrekIn) else {taak.eenheid_id}


@settings(max_examples=200)
@given(lines=st.fixed_dictionaries({key: st.booleans() for key in "abc"}), steps=steps)
def test_whatever_is_done_facts_versions_and_counters_agree_with_the_tasks(
    lines: dict[str, bool], steps: list[tuple[Deed, Login]]
) -> None:
    register = registered(lines)
    first = dict(register.taken)
    for moment, (deed, login) in enumerate(each(steps), start=1):
        taak = register.taken[deed.taak_id]
        assert deed.may(login, taak) == (login.eenheid_id in who_may(deed, taak))
        if not deed.may(login, taak):
            continue
        if not allowed(deed, taak, login):
            with pytest.raises(OvergangGeweigerd) as refused:
                deed.check_transition(taak, login)
            assert refused.value.taak == taak
            continue
        deed.check_transition(taak, login)
        register.keep(deed.apply(taak, login, f"t{moment:02}", KNOWN))
        check(register)
    for taak in each(register.taken.values()):
        assert {key for key, value in asdict(taak).items() if value != asdict(first[taak.id])[key]} <= LIFE
