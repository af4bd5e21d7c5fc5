"""Registering a klantcontact with its tasks (F2173, F2120): the input, what is wrong with it, what it creates."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from app.domain.facts import Overgang, one_fact
from app.domain.model import GebeurtenisSoort, Initiatiefnemer, InterneTaak, InterneTaakStatus, Klantcontact
from app.domain.references import Named, check_eenheid, check_medewerker
from app.domain.refusals import Invoerfout
from app.domain.rights import Login
from app.domain.values.checks import Breaches, Pad, cleaned_id, cleaned_text
from app.domain.values.limits import (
    MAX_GEVRAAGDE_HANDELING,
    MAX_INHOUD,
    MAX_KANAAL,
    MAX_ONDERWERP,
    MAX_TOELICHTING,
    NIL_UUID,
)
from app.domain.values.text import normalised


@dataclass(frozen=True, slots=True)
class NieuweTaak:
    """A task as it is asked for; `id` only where the consumer chose one."""

    id: str | None
    gevraagde_handeling: str
    klant_aan_de_lijn: bool
    toelichting: str | None
    eenheid_id: str
    medewerker_id: str | None

    def cleaned(self) -> "NieuweTaak":
        """With texts and ids in the form in which they are kept; not yet checked."""
        return replace(
            self,
            id=cleaned_id(self.id),
            gevraagde_handeling=normalised(self.gevraagde_handeling),
            toelichting=cleaned_text(self.toelichting),
            eenheid_id=cleaned_id(self.eenheid_id) or "",
            medewerker_id=cleaned_id(self.medewerker_id),
        )

    def check(self, breaches: Breaches, pad: Pad, known: Named) -> None:
        """Note every breach of its form and of those it names."""
        check_chosen_id(breaches, (*pad, "id"), self.id)
        breaches.required_text((*pad, "gevraagdeHandeling"), self.gevraagde_handeling, MAX_GEVRAAGDE_HANDELING)
        breaches.optional_text((*pad, "toelichting"), self.toelichting, MAX_TOELICHTING, several_lines=True)
        if breaches.uuid((*pad, "organisatorischeEenheidId"), self.eenheid_id):
            check_eenheid(breaches, (*pad, "organisatorischeEenheidId"), self.eenheid_id, known)
        if breaches.uuid((*pad, "medewerkerId"), self.medewerker_id):
            check_medewerker(breaches, (*pad, "medewerkerId"), self.medewerker_id, self.eenheid_id, known)


@dataclass(frozen=True, slots=True)
class NieuwKlantcontact:
    """A klantcontact as it is asked for, with its tasks in order. `kanaal` None means the default."""

    id: str | None
    kanaal: str | None
    initiatiefnemer: Initiatiefnemer
    onderwerp: str
    inhoud: str | None
    interne_taken: tuple[NieuweTaak, ...] = ()

    def cleaned(self) -> "NieuwKlantcontact":
        """With texts and ids in the form in which they are kept; not yet checked."""
        return replace(
            self,
            id=cleaned_id(self.id),
            kanaal=cleaned_text(self.kanaal),
            onderwerp=normalised(self.onderwerp),
            inhoud=cleaned_text(self.inhoud),
            interne_taken=tuple(taak.cleaned() for taak in self.interne_taken),
        )

    def check(self, kanalen: Sequence[str], known: Named) -> None:
        """Refuse with `OngeldigeInvoer`, every breach at once."""
        breaches = Breaches()
        check_chosen_id(breaches, ("id",), self.id)
        check_kanaal(breaches, self.kanaal, kanalen)
        breaches.required_text(("onderwerp",), self.onderwerp, MAX_ONDERWERP)
        breaches.optional_text(("inhoud",), self.inhoud, MAX_INHOUD, several_lines=True)
        given = [self.id]
        for place, taak in enumerate(self.interne_taken):
            pad = ("interneTaken", str(place))
            taak.check(breaches, pad, known)
            if taak.id is not None and taak.id in given:
                breaches.add((*pad, "id"), Invoerfout.DUBBEL, "dit id staat er al.")
            given.append(taak.id)
        breaches.raise_any()


@dataclass(frozen=True, slots=True)
class TaakBijKlantcontact:
    """A task as it is asked for, at a klantcontact that was registered before."""

    klantcontact_id: str
    taak: NieuweTaak

    def cleaned(self) -> "TaakBijKlantcontact":
        """With texts and ids in the form in which they are kept; not yet checked."""
        return TaakBijKlantcontact(cleaned_id(self.klantcontact_id) or "", self.taak.cleaned())

    def check(self, known: Named) -> None:
        """Refuse with `OngeldigeInvoer`, every breach at once."""
        breaches = Breaches()
        breaches.uuid(("klantcontactId",), self.klantcontact_id)
        self.taak.check(breaches, (), known)
        breaches.raise_any()


def check_kanaal(breaches: Breaches, kanaal: str | None, kanalen: Sequence[str]) -> None:
    """A channel that is named is one of the configured ones."""
    if kanaal is None or kanaal in kanalen:
        return
    if len(kanaal) > MAX_KANAAL:
        breaches.too_long(("kanaal",), MAX_KANAAL)
    else:
        breaches.add(("kanaal",), Invoerfout.ONGELDIGE_WAARDE, f"kies uit {', '.join(kanalen)}.")


def check_chosen_id(breaches: Breaches, pad: Pad, chosen: str | None) -> None:
    """An id that the consumer chose is a UUID and not the nil UUID."""
    breaches.uuid(pad, chosen)
    if chosen == NIL_UUID:
        breaches.add(pad, Invoerfout.ONGELDIGE_WAARDE, "kies een ander id dan het lege.")


def fingerprint(asked: NieuwKlantcontact | TaakBijKlantcontact) -> str:
    """What makes two registrations the same: the kept input, tasks in order, with the ids that were given."""
    canonical = json.dumps(asdict(asked), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def klantcontact_fingerprint(asked: NieuwKlantcontact, default_kanaal: str) -> str:
    """The fingerprint of a contact: naming the default channel is the same as leaving it out."""
    return fingerprint(replace(asked, kanaal=None) if asked.kanaal == default_kanaal else asked)


def is_same_klantcontact(
    asked: NieuwKlantcontact, default_kanaal: str, registered: Klantcontact, registered_print: str | None
) -> bool:
    """Whether a contact was registered by this very input, whichever channel was the default then."""
    forms = {fingerprint(replace(asked, kanaal=asked.kanaal or default_kanaal))}
    if asked.kanaal in (None, registered.kanaal):
        forms.add(fingerprint(replace(asked, kanaal=None)))
    return registered_print in forms


def new_klantcontact(
    asked: NieuwKlantcontact, default_kanaal: str, login: Login, moment: str, object_id: str, nummer: str
) -> Klantcontact:
    """The klantcontact that a checked input creates; who and where come from the login."""
    return Klantcontact(
        id=object_id,
        nummer=nummer,
        geregistreerd_op=moment,
        kanaal=asked.kanaal or default_kanaal,
        medewerker_id=login.medewerker_id,
        eenheid_id=login.eenheid_id,
        initiatiefnemer=asked.initiatiefnemer,
        onderwerp=asked.onderwerp,
        inhoud=asked.inhoud,
    )


def new_interne_taak(
    asked: NieuweTaak, contact: Klantcontact, login: Login, moment: str, object_id: str, nummer: str
) -> Overgang:
    """The task that a checked input creates, and its one fact, also where an employee is named."""
    taak = InterneTaak(
        id=object_id,
        nummer=nummer,
        geregistreerd_op=moment,
        geregistreerd_door_id=login.medewerker_id,
        geregistreerd_door_eenheid_id=login.eenheid_id,
        klantcontact_id=contact.id,
        wachtend_sinds=contact.geregistreerd_op,
        klant_aan_de_lijn=asked.klant_aan_de_lijn,
        gevraagde_handeling=asked.gevraagde_handeling,
        toelichting=asked.toelichting,
        status=InterneTaakStatus.TE_DOEN,
        eenheid_id=asked.eenheid_id,
        medewerker_id=asked.medewerker_id,
        gedaan_op=None,
        gedaan_door_id=None,
        versie=1,
    )
    return one_fact(None, taak, GebeurtenisSoort.GEREGISTREERD, login.medewerker_id)
