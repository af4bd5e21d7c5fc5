"""Logging in: the token's claims update the employee's record, and the record gives the rights."""

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

_MOST_CACHED = 10_000
"""The size of the cache of records, in employees."""


class Logins:
    """Turns verified claims into a login. Records are cached for `keep_seconds`, so a change by another process may
    take that long to be noticed.
    """

    def __init__(self, database: Database, writer: Writer, *, keep_seconds: float, clock: Clock = now) -> None:
        self._database = database
        self._writer = writer
        self._keep_seconds = keep_seconds
        self._clock = clock
        self._recorded = CoalescedReads(self._read)
        self._cache: Lru[str, tuple[float, Dienstverband]] = Lru(_MOST_CACHED)
        self._generation = 0

    async def __call__(self, claims: Claims) -> Login:
        """The login of the employee. A new employee is added first, and a newer token updates the record first.

        Raises `LoginGeweigerd` if the employee is deactivated, if a department is unknown or inactive, or if the
        token differs from the record and is not newer.
        """
        recorded = self._cached(claims.medewerker_id)
        if recorded is None or not recorded.agrees_with(claims):
            generation = self._generation
            recorded = await self._recorded(claims.medewerker_id)
            if recorded is None or not recorded.agrees_with(claims):
                recorded = await self._record(claims)
            self._put(recorded, generation)
        return recorded.login()

    async def current(self, medewerker_id: str) -> Login:
        """The login of an employee who logged in before, from their record alone, whatever their token says.

        Raises `LoginGeweigerd` if they are not recorded or deactivated, or if one of their departments is inactive.
        """
        recorded = self._cached(medewerker_id)
        if recorded is None:
            generation = self._generation
            recorded = await self._recorded(medewerker_id)
            if recorded is None:
                raise LoginGeweigerd("the employee is not recorded")
            self._put(recorded, generation)
        return recorded.login()

    def forget(self) -> None:
        """Clear the cache, because the rights of some employee have changed."""
        self._generation += 1
        self._cache.clear()

    def _cached(self, medewerker_id: str) -> Dienstverband | None:
        read_at, recorded = self._cache.get(medewerker_id) or (-inf, None)
        return recorded if monotonic() - read_at < self._keep_seconds else None

    def _put(self, recorded: Dienstverband, generation: int) -> None:
        if generation != self._generation:
            # The cache was cleared since this read began, so the record may be older than the change.
            return
        self._cache.put(recorded.medewerker_id, (monotonic(), recorded))

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
            updated = await organisation.dienstverband(tx, claims.medewerker_id)
            assert updated is not None  # noqa: S101 - recorded in this transaction
            return Done(updated, facts)

        return (await self._writer.run(work)).answer


async def _check_free(tx: Transaction, medewerker_id: str) -> None:
    """Check that the id of a new employee is not in use; raises `LoginGeweigerd` if another kind of object has it.

    Raises `Conflict`, so that the transaction is retried, if a concurrent one has just added this employee: clients
    send several first requests at once.
    """
    if await writing.ids_in_use(tx, [medewerker_id]):
        if await organisation.dienstverband(tx, medewerker_id) is not None:
            raise Conflict
        raise LoginGeweigerd("the subject is the id of something else")


async def lay_back(
    tx: Transaction, medewerker_id: str, eenheid_ids: Iterable[str], moment: str
) -> list[Gebeurtenis]:
    """Give back an employee's open tasks in departments that they leave; returns the facts, by the system."""
    taken = await writing.locked_taken_of(tx, medewerker_id, eenheid_ids)
    overgangen = [laid_back(taak, None) for taak in taken]
    for overgang in overgangen:
        await writing.update_taak(tx, overgang)
    return await numbering.insert_facts(tx, overgangen, moment)


async def _eenheden(tx: Transaction, names: Sequence[str]) -> list[OrganisatorischeEenheid]:
    """The departments that a token names, in its order; raises `LoginGeweigerd` if one is unknown or inactive."""
    by_name = await organisation.eenheden_named(tx, names)
    eenheden = [by_name[name] for name in names if name in by_name]
    if len(eenheden) < len(names) or not all(eigen.actief for eigen in eenheden):
        raise LoginGeweigerd("an unknown or inactive department")
    return list({eigen.id: eigen for eigen in eenheden}.values())
