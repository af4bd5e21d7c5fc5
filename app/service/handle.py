"""Handling a task: the one use case for every deed."""

from app.domain.lifecycle import Deed
from app.domain.model import InterneTaak
from app.domain.references import Named
from app.domain.refusals import NietBevoegd, NietGevonden, VersieVerouderd
from app.domain.rights import Login, why_not
from app.domain.values.moments import Clock, now
from app.service.committed_records import CommittedRecords
from app.service.verwerking import Verwerking
from app.service.writing import Done, Writer
from app.storage.engine.failures import Conflict
from app.storage.engine.transaction import Transaction
from app.storage.read import facts, lookups
from app.storage.write import numbering, organisation, writing


class Handle:
    """Does a deed on a task, or refuses it.

    The checks come in this order: valid input, task found, versie not stale, right to do it, the task's state, the
    named departments and employees.
    """

    def __init__(self, writer: Writer, *, clock: Clock = now) -> None:
        self._writer = writer
        self._clock = clock

    async def __call__(self, caller: Login, deed: Deed, verwerking: Verwerking) -> Done[InterneTaak]:
        """Do a deed; the answer is the task after it. The caller's rights are read again within the transaction.

        Raises a `Weigering`, or `LoginGeweigerd` if the caller's record gives them no rights any more.
        """
        with verwerking.doing(deed.taak_id):
            deed = deed.checked()
            done = await self._writer.run(lambda tx: self._do(tx, caller, deed), verwerking)
            verwerking.gelezen.add([done.answer])
            return done

    async def _do(self, tx: Transaction, caller: Login, deed: Deed) -> Done[InterneTaak]:
        known = await organisation.lock_and_read(tx, {caller.medewerker_id} | await _medewerkers(tx, deed))
        login = known.medewerkers[caller.medewerker_id].login()
        taak = await writing.locked_taak(tx, deed.taak_id, login.scope)
        if taak is None:
            raise NietGevonden(deed.taak_id)
        if await is_stale(tx, deed.versie, taak):
            raise VersieVerouderd(taak)
        if not await _may(tx, deed, login, taak):
            raise NietBevoegd("U mag deze taak wel zien, maar dit niet doen.", why_not(login))
        deed.check_transition(taak, login)
        if deed.returns_to_medewerker and taak.medewerker_id not in (None, *known.medewerkers):
            # The task got another employee between the read of its employee and its lock.
            raise Conflict
        if named := deed.named_eenheden(taak):
            known = Named(await lookups.eenheden(tx, named), known.medewerkers)
        deed.check_named(taak, known)
        moment = self._clock()
        overgang = deed.apply(taak, login, moment, known)
        if not overgang.feiten:
            return Done(taak, records=CommittedRecords([taak], known=known))
        await writing.update_taak(tx, overgang)
        written = await numbering.insert_facts(tx, [overgang], moment)
        return Done(overgang.na, written, CommittedRecords([overgang.na, *written], known=known))


async def _medewerkers(tx: Transaction, deed: Deed) -> set[str]:
    """The ids of the employees, other than the caller, whose records the deed needs.

    Employees are locked before the task, so the task's employee must be read without a lock on the task.
    """
    needed = await writing.medewerker_of(tx, deed.taak_id) if deed.returns_to_medewerker else deed.medewerker_id
    return {needed} if needed else set()


async def is_stale(tx: Transaction, versie: int | None, taak: InterneTaak) -> bool:
    """Whether a field was changed since the versie that the caller saw, or the task never had this versie."""
    if versie is None or versie == taak.versie:
        return False
    return versie > taak.versie or await facts.overwritten_since(tx, taak.id, versie)


async def _may(tx: Transaction, deed: Deed, login: Login, taak: InterneTaak) -> bool:
    """Whether this employee, who can read the task, may do the deed on it."""
    if not deed.may(login, taak):
        return False
    if not (deed.seen_as_worker and login.scope.sees_all):
        return True
    return await lookups.taak(tx, taak.id, login.worker_scope) is not None
