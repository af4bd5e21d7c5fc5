"""Asking that the citizen be called back, when nobody takes the call over."""

from dataclasses import replace

from app.domain.calling_back.betrokkene import Vastgelegd
from app.domain.calling_back.deeds import VraagTerugbellen
from app.domain.model import InterneTaak
from app.domain.refusals import (
    BetrokkeneVersieVerouderd,
    NietBevoegd,
    NietGevonden,
    VersieVerouderd,
)
from app.domain.rights import Login, why_not
from app.domain.values.ids import new_id
from app.domain.values.moments import Clock, now
from app.service.calling_back.contact_details import tell_tasks
from app.service.committed_records import CommittedRecords
from app.service.handle import is_stale
from app.service.verwerking import Verwerking
from app.service.writing import Done, Writer
from app.storage.engine.transaction import Transaction
from app.storage.read import lookups
from app.storage.write import betrokkenen, numbering, organisation, writing


class AskToCallBack:
    """Turns a task that nobody took into one to call back, and notes whom to call where nobody stands yet.

    The order of the checks is that of every deed; whether there is a phone number is the last.
    """

    def __init__(self, writer: Writer, handeling: str, *, clock: Clock = now) -> None:
        self._writer = writer
        self._handeling = handeling
        self._clock = clock

    async def __call__(self, caller: Login, deed: VraagTerugbellen, verwerking: Verwerking) -> Done[InterneTaak]:
        """Do it; the answer is the task after it. Raises a `Weigering`, or `LoginGeweigerd`."""
        with verwerking.doing(deed.taak_id):
            deed = replace(deed, handeling=self._handeling).checked()
            done = await self._writer.run(lambda tx: self._do(tx, caller, deed), verwerking)
            verwerking.gelezen.add([done.answer])
            return done

    async def _do(self, tx: Transaction, caller: Login, deed: VraagTerugbellen) -> Done[InterneTaak]:
        known = await organisation.lock_and_read(tx, {caller.medewerker_id})
        login = known.medewerkers[caller.medewerker_id].login()
        others = await _locked_others(tx, deed)
        taak = await writing.locked_taak(tx, deed.taak_id, login.scope)
        if taak is None:
            raise NietGevonden(deed.taak_id)
        if await is_stale(tx, deed.versie, taak):
            raise VersieVerouderd(taak)
        contact = await lookups.klantcontact(tx, taak.klantcontact_id)
        assert contact is not None  # noqa: S101 - a task has a contact
        stands = await betrokkenen.vastgelegd(tx, contact.id)
        await _check_same(tx, deed, stands, login)
        if not deed.may_at(login, taak, contact):
            raise NietBevoegd("U mag deze taak wel zien, maar dit niet doen.", why_not(login))
        deed.check_transition(taak, login)
        deed.check_phone_number(stands)
        moment = self._clock()
        overgang = deed.apply(taak, login, moment, known)
        overgangen = [overgang]
        await writing.update_taak(tx, overgang)
        if stands is None and deed.betrokkene is not None:
            await betrokkenen.insert_betrokkene(tx, deed.betrokkene.recorded(new_id(), contact.id, 1))
            overgangen += await tell_tasks(tx, others, login)
        written = await numbering.insert_facts(tx, overgangen, moment)
        changed = [overgang.na for overgang in overgangen]
        return Done(overgang.na, written, CommittedRecords([contact, *changed, *written], known=known))


async def _locked_others(tx: Transaction, deed: VraagTerugbellen) -> list[InterneTaak]:
    """Lock the contact of the task. If whom to call may be noted, also its open tasks; returns the other ones."""
    klantcontact_id = await betrokkenen.klantcontact_of_taak(tx, deed.taak_id)
    if klantcontact_id is None:
        return []
    await betrokkenen.lock_klantcontact(tx, klantcontact_id)
    if deed.betrokkene is None:
        return []
    return [taak for taak in await betrokkenen.locked_open_taken(tx, klantcontact_id) if taak.id != deed.taak_id]


async def _check_same(tx: Transaction, deed: VraagTerugbellen, stands: Vastgelegd | None, login: Login) -> None:
    """Raise `BetrokkeneVersieVerouderd` if another betrokkene stands than the one in the input, and the caller may
    see them.
    """
    if stands is None or deed.betrokkene is None or stands.is_same(deed.betrokkene):
        return
    if await lookups.sees_betrokkenen(tx, stands.betrokkene.klantcontact_id, login.scope):
        raise BetrokkeneVersieVerouderd(stands.betrokkene)
