"""Registering a klantcontact with its tasks in one transaction (F2173, F2120), and a task at one that stands."""

from collections.abc import Mapping, Sequence

from app.domain.facts import Overgang
from app.domain.model import InterneTaak, Klantcontact
from app.domain.references import Named
from app.domain.refusals import IdAlInGebruik, NietBevoegd, NietGevonden
from app.domain.registration import (
    NieuweTaak,
    NieuwKlantcontact,
    TaakBijKlantcontact,
    fingerprint,
    is_same_klantcontact,
    klantcontact_fingerprint,
    new_interne_taak,
    new_klantcontact,
)
from app.domain.rights import Login
from app.domain.values.ids import new_id, new_nummer, read_uuid
from app.domain.values.moments import Clock, now
from app.service.committed_records import CommittedRecords
from app.service.verwerking import Verwerking
from app.service.writing import Done, Writer
from app.storage.engine.transaction import Transaction
from app.storage.read import lookups
from app.storage.write import numbering, organisation, writing

Claimed = Mapping[str, tuple[str | None, str | None]]
"""Ids that objects have: who registered them, and the fingerprint of what he registered."""


class Register:
    """The register's two ways in. The order of refusals is the one of the domain."""

    def __init__(self, writer: Writer, kanalen: Sequence[str], *, clock: Clock = now) -> None:
        self._writer = writer
        self._kanalen = kanalen
        self._clock = clock

    async def klantcontact(
        self, caller: Login, new: NieuwKlantcontact, verwerking: Verwerking
    ) -> Done[Klantcontact]:
        """Register a contact with its tasks, together or not at all; the same registration registers once."""
        with verwerking.doing(new.id):
            _check_right(caller)
            cleaned = new.cleaned()
            done = await self._writer.run(lambda tx: self._klantcontact(tx, caller, cleaned), verwerking)
            contact, is_new = done.answer
            (verwerking.gewijzigd if is_new else verwerking.gelezen).add([contact])
            return Done(contact, done.facts, done.records)

    async def _klantcontact(
        self, tx: Transaction, caller: Login, cleaned: NieuwKlantcontact
    ) -> Done[tuple[Klantcontact, bool]]:
        """The contact, and whether it was registered only now."""
        default = self._kanalen[0]
        login, known = await _locked(tx, caller, cleaned.interne_taken)
        claimed = await _claimed(tx, cleaned.id, *(taak.id for taak in cleaned.interne_taken))
        was = _own_print(claimed, login, cleaned.id)
        if cleaned.id is not None and was is not None:
            registered = await lookups.klantcontact(tx, cleaned.id)
            if registered and is_same_klantcontact(cleaned, default, registered, was):
                return Done((registered, False), records=CommittedRecords([registered], known=known))
        cleaned.check(self._kanalen, known)
        _check_free(claimed)
        moment = self._clock()
        contact = new_klantcontact(cleaned, default, login, moment, cleaned.id or new_id(), new_nummer())
        print_ = klantcontact_fingerprint(cleaned, default) if cleaned.id else None
        new = [_new_taak(taak, contact, login, moment) for taak in cleaned.interne_taken]
        await writing.insert_registration(tx, contact, print_, new)
        facts = await numbering.insert_facts(tx, new, moment)
        taken = [overgang.na for overgang in new]
        # He sees each of them, since his own department registered it.
        lists = {("interne_taken", contact.id): taken}
        records = CommittedRecords([contact, *taken, *facts], known=known, lists=lists)
        return Done((contact, True), facts, records)

    async def interne_taak(
        self, caller: Login, new: TaakBijKlantcontact, verwerking: Verwerking
    ) -> Done[InterneTaak]:
        """Register a task at a contact that they may read; the same registration registers once."""
        with verwerking.doing(new.klantcontact_id):
            _check_right(caller)
            cleaned = new.cleaned()
            done = await self._writer.run(lambda tx: self._interne_taak(tx, caller, cleaned), verwerking)
            verwerking.gelezen.add([done.answer])
            return done

    async def _interne_taak(
        self, tx: Transaction, caller: Login, cleaned: TaakBijKlantcontact
    ) -> Done[InterneTaak]:
        print_ = fingerprint(cleaned)
        login, known = await _locked(tx, caller, [cleaned.taak])
        chosen = cleaned.taak.id
        claimed = await _claimed(tx, chosen)
        if chosen is not None and _own_print(claimed, login, chosen) == print_:
            taak = await lookups.taak(tx, chosen)
            assert taak is not None  # noqa: S101 - it has the fingerprint of a task
            return Done(taak, records=CommittedRecords([taak], known=known))
        cleaned.check(known)
        _check_free(claimed)
        contact = await lookups.klantcontact(tx, cleaned.klantcontact_id, login.scope)
        if contact is None:
            raise NietGevonden(cleaned.klantcontact_id)
        moment = self._clock()
        new = _new_taak(cleaned.taak, contact, login, moment)
        await writing.insert_taak(tx, contact, print_ if chosen else None, new)
        facts = await numbering.insert_facts(tx, [new], moment)
        return Done(new.na, facts, CommittedRecords([contact, new.na, *facts], known=known))


def _new_taak(new: NieuweTaak, contact: Klantcontact, login: Login, moment: str) -> Overgang:
    return new_interne_taak(new, contact, login, moment, new.id or new_id(), new_nummer())


def _check_right(login: Login) -> None:
    if not login.may_register():
        raise NietBevoegd("U mag niet registreren.")


async def _claimed(tx: Transaction, *chosen: str | None) -> Claimed:
    """What has the ids that the consumer chose, in his order; a malformed id is nobody's."""
    ids = [id_ for id_ in chosen if id_ is not None and read_uuid(id_)]
    found = await writing.claimed(tx, ids)
    return {id_: found[id_] for id_ in ids if id_ in found}


def _own_print(claimed: Claimed, login: Login, chosen: str | None) -> str | None:
    """The fingerprint of what he registered under the id that he chose."""
    medewerker_id, print_ = claimed.get(chosen or "", (None, None))
    return print_ if medewerker_id == login.medewerker_id else None


def _check_free(claimed: Claimed) -> None:
    """Refuse the first of the chosen ids that any object has.

    Where transactions run beside each other, one may be claimed from now on by the same registration; storing it
    ends in a `Conflict` then, and the next attempt finds it.
    """
    for id_ in claimed:
        raise IdAlInGebruik(id_)


async def _locked(tx: Transaction, caller: Login, taken: Sequence[NieuweTaak]) -> tuple[Login, Named]:
    """Who registers, with the rights that his record gives him now, and the employees and departments that are
    named and exist; the employees as they stay until the transaction ends. Malformed ids name nobody.

    `LoginGeweigerd` where his record gives him no rights any more.
    """
    named = {id_ for taak in taken if taak.medewerker_id and (id_ := read_uuid(taak.medewerker_id))}
    eenheden = {id_ for taak in taken if (id_ := read_uuid(taak.eenheid_id))}
    known = await organisation.locked(tx, {caller.medewerker_id} | named, eenheden)
    login = known.medewerkers[caller.medewerker_id].login()
    _check_right(login)
    return login, known
