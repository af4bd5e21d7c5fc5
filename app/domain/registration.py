"""Registering a klantcontact with its tasks (F2173, F2120): the input, its checks, and the records it creates."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from app.domain.calling_back.betrokkene import NieuweBetrokkene
from app.domain.facts import Overgang, one_fact
from app.domain.model import GebeurtenisSoort, Initiatiefnemer, InterneTaak, InterneTaakStatus, Klantcontact
from app.domain.references import Named, check_eenheid, check_medewerker
from app.domain.refusals import Invoerfout
from app.domain.rights import Login
from app.domain.values.checks import Breaches, Pad, cleaned_id, cleaned_text
from app.domain.values.limits import (
    MAX_AHEAD_SECONDS,
    MAX_GEVRAAGDE_HANDELING,
    MAX_INHOUD,
    MAX_KANAAL,
    MAX_ONDERWERP,
    MAX_TOELICHTING,
    NIL_UUID,
)
from app.domain.values.moments import later
from app.domain.values.text import normalised


@dataclass(frozen=True, slots=True)
class NieuweTaak:
    """The input for a task; `id` is set if the client chose one."""

    id: str | None
    gevraagde_handeling: str
    klant_aan_de_lijn: bool
    toelichting: str | None
    eenheid_id: str
    medewerker_id: str | None

    def cleaned(self) -> "NieuweTaak":
        """The same input with texts and ids in stored form; not checked yet."""
        return replace(
            self,
            id=cleaned_id(self.id),
            gevraagde_handeling=normalised(self.gevraagde_handeling),
            toelichting=cleaned_text(self.toelichting),
            eenheid_id=cleaned_id(self.eenheid_id) or "",
            medewerker_id=cleaned_id(self.medewerker_id),
        )

    def check(self, breaches: Breaches, pad: Pad, known: Named) -> None:
        """Add every error of this input to `breaches`; `pad` is the path of this task in the whole input."""
        check_chosen_id(breaches, (*pad, "id"), self.id)
        breaches.required_text((*pad, "gevraagdeHandeling"), self.gevraagde_handeling, MAX_GEVRAAGDE_HANDELING)
        breaches.optional_text((*pad, "toelichting"), self.toelichting, MAX_TOELICHTING, several_lines=True)
        if breaches.uuid((*pad, "organisatorischeEenheidId"), self.eenheid_id):
            check_eenheid(breaches, (*pad, "organisatorischeEenheidId"), self.eenheid_id, known)
        if breaches.uuid((*pad, "medewerkerId"), self.medewerker_id):
            check_medewerker(breaches, (*pad, "medewerkerId"), self.medewerker_id, self.eenheid_id, known)


@dataclass(frozen=True, slots=True)
class NieuwKlantcontact:
    """The input for a klantcontact, with its tasks in order. `kanaal` None means the default channel."""

    id: str | None
    kanaal: str | None
    initiatiefnemer: Initiatiefnemer
    onderwerp: str
    inhoud: str | None
    interne_taken: tuple[NieuweTaak, ...] = ()
    plaatsgevonden_op: str | None = None
    betrokkene: NieuweBetrokkene | None = None

    def cleaned(self) -> "NieuwKlantcontact":
        """The same input with texts and ids in stored form; not checked yet."""
        return replace(
            self,
            id=cleaned_id(self.id),
            kanaal=cleaned_text(self.kanaal),
            onderwerp=normalised(self.onderwerp),
            inhoud=cleaned_text(self.inhoud),
            interne_taken=tuple(taak.cleaned() for taak in self.interne_taken),
            betrokkene=self.betrokkene and self.betrokkene.cleaned(),
        )

    def check(self, kanalen: Sequence[str], known: Named, moment: str) -> None:
        """Raise `OngeldigeInvoer` with every error of this input, which arrives at `moment`."""
        breaches = Breaches()
        check_chosen_id(breaches, ("id",), self.id)
        check_kanaal(breaches, self.kanaal, kanalen)
        breaches.required_text(("onderwerp",), self.onderwerp, MAX_ONDERWERP)
        breaches.optional_text(("inhoud",), self.inhoud, MAX_INHOUD, several_lines=True)
        self._check_plaatsgevonden(breaches, moment)
        if self.betrokkene is not None:
            self.betrokkene.check(breaches, ("betrokkene",))
        ids = [self.id]
        for place, taak in enumerate(self.interne_taken):
            pad = ("interneTaken", str(place))
            taak.check(breaches, pad, known)
            if taak.id is not None and taak.id in ids:
                breaches.add((*pad, "id"), Invoerfout.DUBBEL, "dit id staat er al.")
            ids.append(taak.id)
        breaches.raise_any()

    def _check_plaatsgevonden(self, breaches: Breaches, moment: str) -> None:
        if self.plaatsgevonden_op is None:
            return
        wrong = None
        if self.plaatsgevonden_op > later(moment, seconds=MAX_AHEAD_SECONDS):
            wrong = "dit moment is nog niet geweest."
        elif any(taak.klant_aan_de_lijn for taak in self.interne_taken):
            wrong = "laat dit leeg als de klant aan de lijn is: het contact is er nu."
        if wrong is not None:
            breaches.add(("plaatsgevondenOp",), Invoerfout.ONGELDIGE_WAARDE, wrong)


@dataclass(frozen=True, slots=True)
class TaakBijKlantcontact:
    """The input for a task that is added to a klantcontact registered earlier."""

    klantcontact_id: str
    taak: NieuweTaak

    def cleaned(self) -> "TaakBijKlantcontact":
        """The same input with texts and ids in stored form; not checked yet."""
        return TaakBijKlantcontact(cleaned_id(self.klantcontact_id) or "", self.taak.cleaned())

    def check(self, known: Named) -> None:
        """Raise `OngeldigeInvoer` with every error of this input."""
        breaches = Breaches()
        breaches.uuid(("klantcontactId",), self.klantcontact_id)
        self.taak.check(breaches, (), known)
        breaches.raise_any()


def check_kanaal(breaches: Breaches, kanaal: str | None, kanalen: Sequence[str]) -> None:
    """Check that the channel, if given, is one of the configured channels."""
    if kanaal is None or kanaal in kanalen:
        return
    if len(kanaal) > MAX_KANAAL:
        breaches.too_long(("kanaal",), MAX_KANAAL)
    else:
        breaches.add(("kanaal",), Invoerfout.ONGELDIGE_WAARDE, f"kies uit {', '.join(kanalen)}.")


def check_chosen_id(breaches: Breaches, pad: Pad, chosen: str | None) -> None:
    """Check that an id chosen by the client is a UUID and not the nil UUID."""
    breaches.uuid(pad, chosen)
    if chosen == NIL_UUID:
        breaches.add(pad, Invoerfout.ONGELDIGE_WAARDE, "kies een ander id dan het lege.")


_NEWER = ("plaatsgevonden_op", "betrokkene")


def fingerprint(requested: NieuwKlantcontact | TaakBijKlantcontact) -> str:
    """The SHA-256 of a cleaned input, in hex: equal if a client sends the same registration again.

    Includes the order of the tasks, and which ids the client chose. What is newer than the first fingerprints is
    left out where it has no value, so that those still hold.
    """
    parts = asdict(requested)
    for name in _NEWER:
        if parts.get(name, ...) is None:
            del parts[name]
    canonical = json.dumps(parts, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def klantcontact_fingerprint(requested: NieuwKlantcontact, default_kanaal: str) -> str:
    """The fingerprint of a contact, in which the default channel counts the same as no channel."""
    return fingerprint(replace(requested, kanaal=None) if requested.kanaal == default_kanaal else requested)


def is_same_klantcontact(
    requested: NieuwKlantcontact, default_kanaal: str, registered: Klantcontact, registered_print: str | None
) -> bool:
    """Whether a contact was registered by exactly this input, even if the default channel was another one then."""
    forms = {fingerprint(replace(requested, kanaal=requested.kanaal or default_kanaal))}
    if requested.kanaal in (None, registered.kanaal):
        forms.add(fingerprint(replace(requested, kanaal=None)))
    return registered_print in forms


def new_klantcontact(
    requested: NieuwKlantcontact, default_kanaal: str, login: Login, moment: str, object_id: str, nummer: str
) -> Klantcontact:
    """The klantcontact that a checked input creates; employee and department come from the login. A moment that is
    a little ahead counts as now.
    """
    return Klantcontact(
        id=object_id,
        nummer=nummer,
        geregistreerd_op=moment,
        kanaal=requested.kanaal or default_kanaal,
        medewerker_id=login.medewerker_id,
        eenheid_id=login.eenheid_id,
        initiatiefnemer=requested.initiatiefnemer,
        onderwerp=requested.onderwerp,
        inhoud=requested.inhoud,
        plaatsgevonden_op=min(requested.plaatsgevonden_op or moment, moment),
        contactgegevens_verwijderd_op=None,
    )


def new_interne_taak(
    requested: NieuweTaak, contact: Klantcontact, login: Login, moment: str, object_id: str, nummer: str
) -> Overgang:
    """The task that a checked input creates, with one fact, GEREGISTREERD, even if an employee is named."""
    taak = InterneTaak(
        id=object_id,
        nummer=nummer,
        geregistreerd_op=moment,
        geregistreerd_door_id=login.medewerker_id,
        geregistreerd_door_eenheid_id=login.eenheid_id,
        klantcontact_id=contact.id,
        wachtend_sinds=contact.plaatsgevonden_op,
        klant_aan_de_lijn=requested.klant_aan_de_lijn,
        gevraagde_handeling=requested.gevraagde_handeling,
        toelichting=requested.toelichting,
        status=InterneTaakStatus.TE_DOEN,
        eenheid_id=requested.eenheid_id,
        medewerker_id=requested.medewerker_id,
        gedaan_op=None,
        gedaan_door_id=None,
        versie=1,
    )
    return one_fact(None, taak, GebeurtenisSoort.GEREGISTREERD, login.medewerker_id)
