"""Registering a klantcontact with its tasks in one transaction (F2173, F2120), or a task at an existing one."""

from collections.abc import Mapping, Sequence

from app.domain.facts import Overgang
from app.domain.model import InterneTaak, Klantcontact
from app.domain.references import Named
from app.domain.refusals import BevoegdheidReden, IdAlInGebruik, NietBevoegd, NietGevonden
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
from app.service.committed_records import CommittedRecords, betrokkenen_lists
from app.service.verwerking import Verwerking
from app.service.writing import Done, Writer
from app.storage.engine.transaction import Transaction
from app.storage.read import lookups
from app.storage.write import betrokkenen, numbering, organisation, writing

IdsInUse = Mapping[str, tuple[str | None, str | None]]
"""By id that is in use: the employee who registered the object, and the fingerprint of their registration."""


class Register:
    """The two use cases that register something. The order of the checks is the order of the domain rules."""

    def __init__(self, writer: Writer, kanalen: Sequence[str], *, clock: Clock = now) -> None:
        self._writer = writer
        self._kanalen = kanalen
        self._clock = clock

    async def klantcontact(
        self, caller: Login, new: NieuwKlantcontact, verwerking: Verwerking
    ) -> Done[Klantcontact]:
        """Register a contact with all its tasks, or nothing. With a chosen id, sending the same registration again
        returns the existing contact.
        """
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
        ids_in_use = await _ids_in_use(tx, cleaned.id, *(taak.id for taak in cleaned.interne_taken))
        was = _own_print(ids_in_use, login, cleaned.id)
        if cleaned.id is not None and was is not None:
            registered = await lookups.klantcontact(tx, cleaned.id)
            if registered and is_same_klantcontact(cleaned, default, registered, was):
                return Done((registered, False), records=CommittedRecords([registered], known=known))
        moment = self._clock()
        cleaned.check(self._kanalen, known, moment)
        _check_free(ids_in_use)
        contact = new_klantcontact(cleaned, default, login, moment, cleaned.id or new_id(), new_nummer())
        print_ = klantcontact_fingerprint(cleaned, default) if cleaned.id else None
        new = [_new_taak(taak, contact, login, moment) for taak in cleaned.interne_taken]
        await writing.insert_registration(tx, contact, print_, new)
        noted = cleaned.betrokkene.recorded(new_id(), contact.id, 1) if cleaned.betrokkene else None
        if noted is not None:
            await betrokkenen.insert_betrokkene(tx, noted)
        facts = await numbering.insert_facts(tx, new, moment)
        taken = [overgang.na for overgang in new]
        # The caller may see all of them, because their own department registered them.
        lists = {("interne_taken", contact.id): taken, **betrokkenen_lists(contact.id, noted)}
        records = CommittedRecords([contact, *taken, *facts], known=known, lists=lists)
        return Done((contact, True), facts, records)

    async def interne_taak(
        self, caller: Login, new: TaakBijKlantcontact, verwerking: Verwerking
    ) -> Done[InterneTaak]:
        """Register a task at a contact that the caller may read. With a chosen id, sending the same registration
        again returns the existing task.
        """
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
        ids_in_use = await _ids_in_use(tx, chosen)
        if chosen is not None and _own_print(ids_in_use, login, chosen) == print_:
            taak = await lookups.taak(tx, chosen)
            assert taak is not None  # noqa: S101 - it has the fingerprint of a task
            return Done(taak, records=CommittedRecords([taak], known=known))
        cleaned.check(known)
        _check_free(ids_in_use)
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
        raise NietBevoegd("U mag niet registreren.", BevoegdheidReden.ROL)


async def _ids_in_use(tx: Transaction, *chosen: str | None) -> IdsInUse:
    """Those of the ids chosen by the client that are in use, in the client's order; malformed ids are skipped."""
    ids = [id_ for id_ in chosen if id_ is not None and read_uuid(id_)]
    in_use = await writing.ids_in_use(tx, ids)
    return {id_: in_use[id_] for id_ in ids if id_ in in_use}


def _own_print(ids_in_use: IdsInUse, login: Login, chosen: str | None) -> str | None:
    """The fingerprint of what this caller registered before under the chosen id; None if nothing."""
    medewerker_id, print_ = ids_in_use.get(chosen or "", (None, None))
    return print_ if medewerker_id == login.medewerker_id else None


def _check_free(ids_in_use: IdsInUse) -> None:
    """Raise `IdAlInGebruik` for the first chosen id that is in use.

    A concurrent transaction with the same registration may still take an id after this check. Storing it then
    raises `Conflict`, and the retry finds the registered object.
    """
    for id_ in ids_in_use:
        raise IdAlInGebruik(id_)


async def _locked(tx: Transaction, caller: Login, taken: Sequence[NieuweTaak]) -> tuple[Login, Named]:
    """The caller's login from their current record, and the named employees and departments that exist.

    The records of the employees are locked until the transaction ends. Malformed ids are skipped. Raises
    `LoginGeweigerd` if the caller's record gives them no rights any more, and `NietBevoegd` if they may not
    register.
    """
    named = {id_ for taak in taken if taak.medewerker_id and (id_ := read_uuid(taak.medewerker_id))}
    eenheden = {id_ for taak in taken if (id_ := read_uuid(taak.eenheid_id))}
    known = await organisation.lock_and_read(tx, {caller.medewerker_id} | named, eenheden)
    login = known.medewerkers[caller.medewerker_id].login()
    _check_right(login)
    return login, known
