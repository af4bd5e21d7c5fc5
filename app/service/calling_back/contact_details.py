"""Noting and correcting whom a contact was with."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.calling_back.betrokkene import NieuweBetrokkene, Vastgelegd
from app.domain.calling_back.deeds import contactgegevens_gewijzigd
from app.domain.facts import Overgang
from app.domain.model import Betrokkene, InterneTaak
from app.domain.references import Named
from app.domain.refusals import BetrokkeneVersieVerouderd, NietBevoegd, NietGevonden
from app.domain.rights import Login, why_not
from app.domain.values.checks import Breaches, Pad, cleaned_id
from app.domain.values.ids import new_id
from app.domain.values.moments import Clock, now
from app.service.committed_records import CommittedRecords, betrokkenen_lists
from app.service.verwerking import Verwerking
from app.service.writing import Done, Work, Writer
from app.storage.engine.transaction import Transaction
from app.storage.read import lookups
from app.storage.write import betrokkenen, numbering, organisation, writing


class ContactDetails:
    """The two use cases. The order of the checks is that of a deed on a task; what stands is compared only for who
    may see it.
    """

    def __init__(self, writer: Writer, *, clock: Clock = now) -> None:
        self._writer = writer
        self._clock = clock

    async def register(
        self, caller: Login, klantcontact_id: str, new: NieuweBetrokkene, verwerking: Verwerking
    ) -> Done[Betrokkene]:
        """Note whom a contact was with that has no betrokkene. The same input again returns the one that stands."""
        with verwerking.doing(klantcontact_id):
            id_, cleaned = _checked(("klantcontactId",), klantcontact_id, new)
            return await self._run(lambda tx: self._register(tx, caller, id_, cleaned), verwerking)

    async def correct(
        self, caller: Login, betrokkene_id: str, versie: int, new: NieuweBetrokkene, verwerking: Verwerking
    ) -> Done[Betrokkene]:
        """Replace what stands of a betrokkene; nothing of it is kept. Nothing changes if it is the same."""
        with verwerking.doing(betrokkene_id):
            id_, cleaned = _checked(("id",), betrokkene_id, new)
            return await self._run(lambda tx: self._correct(tx, caller, id_, versie, cleaned), verwerking)

    async def _run(self, work: Work[tuple[Betrokkene, bool]], verwerking: Verwerking) -> Done[Betrokkene]:
        """Run a use case whose answer is the betrokkene and whether they were changed."""
        done = await self._writer.run(work, verwerking)
        betrokkene, is_changed = done.answer
        (verwerking.gewijzigd if is_changed else verwerking.gelezen).klantcontacten.add(betrokkene.klantcontact_id)
        return Done(betrokkene, done.facts, done.records)

    async def _register(
        self, tx: Transaction, caller: Login, klantcontact_id: str, new: NieuweBetrokkene
    ) -> Done[tuple[Betrokkene, bool]]:
        known = await organisation.lock_and_read(tx, {caller.medewerker_id})
        login = known.medewerkers[caller.medewerker_id].login()
        at = await _locked(tx, klantcontact_id, login)
        if await lookups.klantcontact(tx, klantcontact_id, login.scope) is None:
            raise NietGevonden(klantcontact_id)
        if at.stands is not None and at.is_seen and not at.stands.is_same(new):
            raise BetrokkeneVersieVerouderd(at.stands.betrokkene)
        _check_right(login, at)
        if at.stands is not None:
            return _unchanged(at.stands, known)
        noted = new.recorded(new_id(), klantcontact_id, 1)
        await betrokkenen.insert_betrokkene(tx, noted)
        return await self._told(tx, login, at.open_taken, noted, known)

    async def _correct(
        self, tx: Transaction, caller: Login, betrokkene_id: str, versie: int, new: NieuweBetrokkene
    ) -> Done[tuple[Betrokkene, bool]]:
        known = await organisation.lock_and_read(tx, {caller.medewerker_id})
        login = known.medewerkers[caller.medewerker_id].login()
        klantcontact_id = await betrokkenen.klantcontact_of(tx, betrokkene_id)
        at = klantcontact_id and await _locked(tx, klantcontact_id, login)
        if not at or at.stands is None or at.stands.betrokkene.id != betrokkene_id or not at.is_seen:
            raise NietGevonden(betrokkene_id)
        stands = at.stands
        if versie != stands.betrokkene.versie:
            raise BetrokkeneVersieVerouderd(stands.betrokkene)
        _check_right(login, at)
        if stands.is_same(new):
            return _unchanged(stands, known)
        corrected = new.recorded(betrokkene_id, stands.betrokkene.klantcontact_id, versie + 1)
        await betrokkenen.replace_betrokkene(tx, corrected)
        return await self._told(tx, login, at.open_taken, corrected, known)

    async def _told(
        self, tx: Transaction, login: Login, taken: Sequence[InterneTaak], noted: Vastgelegd, known: Named
    ) -> Done[tuple[Betrokkene, bool]]:
        """Write the facts on the open tasks of the contact."""
        moment = self._clock()
        overgangen = await tell_tasks(tx, taken, login)
        facts = await numbering.insert_facts(tx, overgangen, moment)
        lists = betrokkenen_lists(noted.betrokkene.klantcontact_id, noted)
        changed = [overgang.na for overgang in overgangen]
        return Done((noted.betrokkene, True), facts, CommittedRecords([*changed, *facts], known=known, lists=lists))


async def tell_tasks(tx: Transaction, taken: Sequence[InterneTaak], login: Login) -> list[Overgang]:
    """Store that whom to call about these tasks was noted or corrected; the facts are still to be written."""
    overgangen = [contactgegevens_gewijzigd(taak, login.medewerker_id) for taak in taken]
    for overgang in overgangen:
        await writing.update_taak(tx, overgang)
    return overgangen


@dataclass(frozen=True, slots=True)
class _At:
    """A contact, locked with its open tasks: who stands there, whether the caller may see them, and whether as an
    employee who handles tasks.
    """

    open_taken: Sequence[InterneTaak]
    stands: Vastgelegd | None
    is_seen: bool
    is_handled: bool


async def _locked(tx: Transaction, klantcontact_id: str, login: Login) -> _At:
    await betrokkenen.lock_klantcontact(tx, klantcontact_id)
    taken = await betrokkenen.locked_open_taken(tx, klantcontact_id)
    stands = await betrokkenen.vastgelegd(tx, klantcontact_id)
    is_handled = await lookups.sees_betrokkenen(tx, klantcontact_id, login.worker_scope)
    return _At(taken, stands, login.scope.sees_all or is_handled, is_handled)


def _check_right(login: Login, at: _At) -> None:
    if not at.is_handled:
        bericht = "U mag de contactgegevens bij dit contact niet vastleggen of wijzigen."
        raise NietBevoegd(bericht, why_not(login))


def _unchanged(stands: Vastgelegd, known: Named) -> Done[tuple[Betrokkene, bool]]:
    lists = betrokkenen_lists(stands.betrokkene.klantcontact_id, stands)
    return Done((stands.betrokkene, False), records=CommittedRecords(known=known, lists=lists))


def _checked(pad: Pad, object_id: str, new: NieuweBetrokkene) -> tuple[str, NieuweBetrokkene]:
    """The id and the input in stored form; raises `OngeldigeInvoer` with every error."""
    id_, cleaned = cleaned_id(object_id) or "", new.cleaned()
    breaches = Breaches()
    breaches.uuid(pad, id_)
    cleaned.check(breaches, ("betrokkene",))
    breaches.raise_any()
    return id_, cleaned
