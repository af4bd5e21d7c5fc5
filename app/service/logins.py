"""Logging in: a token's claims are recorded, and rights follow the record."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import inf
from time import monotonic

from app.common.coalesced_reads import CoalescedReads
from app.common.lru import Lru
from app.domain.lifecycle import laid_back
from app.domain.model import Gebeurtenis, OrganisatorischeEenheid
from app.domain.organisation import Claims, Dienstverband, LoginGeweigerd
from app.domain.rights import Login
from app.domain.values.moments import Clock, now
from app.service.writing import Done, Writer
from app.storage.engine.database import Database
from app.storage.engine.failures import Conflict
from app.storage.engine.transaction import Transaction
from app.storage.write import numbering, organisation, writing

_MOST_KEPT = 10_000


class Logins:
    """Turns verified claims into a login. A record that was read serves for `keep_seconds`: so long it may take
    until a change that another process made is noticed.
    """

    def __init__(self, database: Database, writer: Writer, *, keep_seconds: float, clock: Clock = now) -> None:
        self._database = database
        self._writer = writer
        self._keep_seconds = keep_seconds
        self._clock = clock
        self._recorded = CoalescedReads(self._read)
        self._kept: Lru[str, tuple[float, Dienstverband]] = Lru(_MOST_KEPT)
        self._age = 0

    async def __call__(self, claims: Claims) -> Login:
        """The login of the employee; what is new or newer is recorded first.

        Refused with `LoginGeweigerd`: who is deactivated, an unknown or inactive department, and an older
        token that disagrees with the record.
        """
        recorded = self._still_kept(claims.medewerker_id)
        if recorded is None or not recorded.agrees_with(claims):
            age = self._age
            recorded = await self._recorded(claims.medewerker_id)
            if recorded is None or not recorded.agrees_with(claims):
                recorded = await self._record(claims)
            self._keep(recorded, age)
        return recorded.login()

    async def current(self, medewerker_id: str) -> Login:
        """The login of somebody who was let in before, by his record as it stands now, whatever his token says.

        Refused with `LoginGeweigerd`: who is deactivated, or has an inactive department.
        """
        recorded = self._still_kept(medewerker_id)
        if recorded is None:
            age = self._age
            recorded = await self._recorded(medewerker_id)
            if recorded is None:
                raise LoginGeweigerd("the employee is not recorded")
            self._keep(recorded, age)
        return recorded.login()

    def forget(self) -> None:
        """Read every record anew: what some employee may do has changed."""
        self._age += 1
        self._kept.clear()

    def _still_kept(self, medewerker_id: str) -> Dienstverband | None:
        read_at, recorded = self._kept.get(medewerker_id) or (-inf, None)
        return recorded if monotonic() - read_at < self._keep_seconds else None

    def _keep(self, recorded: Dienstverband, age: int) -> None:
        if age != self._age:
            # It may have been read before the change for which all were forgotten.
            return
        self._kept.put(recorded.medewerker_id, (monotonic(), recorded))

    async def _read(self, medewerker_ids: Collection[str]) -> Mapping[str, Dienstverband]:
        return await self._database.reading(lambda tx: organisation.dienstverbanden(tx, medewerker_ids), alone=True)

    async def _record(self, claims: Claims) -> Dienstverband:
        async def work(tx: Transaction) -> Done[Dienstverband]:
            await organisation.lock_medewerker(tx, claims.medewerker_id)
            recorded = await organisation.dienstverband(tx, claims.medewerker_id)
            if recorded is not None:
                if recorded.agrees_with(claims):
                    return Done(recorded)
                if not recorded.actief:
                    raise LoginGeweigerd("the employee is deactivated")
                if not recorded.follows(claims):
                    raise LoginGeweigerd("the token disagrees with the record and is not newer")
            else:
                await _check_free(tx, claims.medewerker_id)
            eenheden = await _eenheden(tx, claims.eenheden)
            await organisation.record_medewerker(tx, claims, eenheden, is_new=recorded is None)
            left = {eigen.id for eigen in recorded.eenheden} if recorded else set()
            left -= {eigen.id for eigen in eenheden}
            facts = await lay_back(tx, claims.medewerker_id, left, self._clock())
            found = await organisation.dienstverband(tx, claims.medewerker_id)
            assert found is not None  # noqa: S101 - recorded in this transaction
            return Done(found, facts)

        return (await self._writer.run(work)).answer


async def _check_free(tx: Transaction, medewerker_id: str) -> None:
    """Refuse who would be recorded under the id of something else. `Conflict` where he was recorded meanwhile:
    transactions may run beside each other, and clients send several first requests at once.
    """
    if await writing.claimed(tx, [medewerker_id]):
        if await organisation.dienstverband(tx, medewerker_id) is not None:
            raise Conflict
        raise LoginGeweigerd("the subject is the id of something else")


async def lay_back(
    tx: Transaction, medewerker_id: str, eenheid_ids: Iterable[str], moment: str
) -> list[Gebeurtenis]:
    """Lay an employee's open tasks in departments that he leaves back, by the system."""
    taken = await writing.locked_taken_of(tx, medewerker_id, eenheid_ids)
    overgangen = [laid_back(taak, None) for taak in taken]
    for overgang in overgangen:
        await writing.update_taak(tx, overgang)
    return await numbering.insert_facts(tx, overgangen, moment)


async def _eenheden(tx: Transaction, names: Sequence[str]) -> list[OrganisatorischeEenheid]:
    """The departments that a token names, in its order; refused where one is unknown or inactive."""
    named = await organisation.eenheden_named(tx, names)
    found = [named[name] for name in names if name in named]
    if len(found) < len(names) or not all(eigen.actief for eigen in found):
        raise LoginGeweigerd("an unknown or inactive department")
    return list({eigen.id: eigen for eigen in found}.values())
