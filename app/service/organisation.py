"""Managing departments and employees, from the command line in this version."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from app.domain.model import OrganisatorischeEenheid
from app.domain.organisation import Dienstverband, NieuweEenheid
from app.domain.values.ids import read_uuid
from app.domain.values.moments import Clock, now
from app.service.logins import lay_back
from app.service.writing import Done, Writer
from app.storage.engine.database import Database
from app.storage.engine.transaction import Transaction
from app.storage.read import lookups
from app.storage.write import organisation


class Onbekend(Exception):
    """A department or employee that is named but not there; the message says which."""


def seconds_now() -> int:
    """The present moment as tokens count it: whole seconds since 1970."""
    return int(datetime.now(UTC).timestamp())


class Eenheden:
    """Departments: list, add, rename, deactivate, activate."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def all(self) -> list[OrganisatorischeEenheid]:
        """Every department, by naam."""
        return await self._database.reading(lookups.all_eenheden, alone=True)

    async def add(self, new: NieuweEenheid) -> OrganisatorischeEenheid:
        """Add a department; refuses an identificatie that another has."""
        cleaned = new.checked()

        async def work(tx: Transaction) -> Done[OrganisatorischeEenheid]:
            return Done(await organisation.insert_eenheid(tx, cleaned.naam, cleaned.identificatie))

        return (await self._writer.run(work)).answer

    async def rename(self, named: str, naam: str) -> None:
        """Give a department, named by id or identificatie, another name."""
        cleaned = NieuweEenheid(naam).checked()
        await self._update(named, naam=cleaned.naam)

    async def set_actief(self, named: str, *, actief: bool) -> None:
        """Close a department, so that it receives nothing new, or open it again."""
        await self._update(named, actief=actief)

    async def _update(self, named: str, *, naam: str | None = None, actief: bool | None = None) -> None:
        async def work(tx: Transaction) -> Done[None]:
            [eenheid_id] = await _eenheid_ids(tx, [named])
            await organisation.update_eenheid(tx, eenheid_id, naam=naam, actief=actief)
            return Done(None)

        await self._writer.run(work)


class Medewerkers:
    """Employees: list, move, deactivate, activate. They are added by logging in."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        *,
        clock: Clock = now,
        token_clock: Callable[[], int] = seconds_now,
    ) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._token_clock = token_clock

    async def all(self) -> list[Dienstverband]:
        """Every employee that ever logged in, by naam."""
        return await self._database.reading(organisation.all_medewerkers, alone=True)

    async def move(self, medewerker_id: str, eenheden: Sequence[str]) -> None:
        """Put an employee in departments, the first one first; his open tasks in those he leaves are laid
        back. Older tokens that say otherwise are refused from now on.
        """

        async def work(tx: Transaction) -> Done[None]:
            recorded = await _recorded(tx, medewerker_id)
            cleaned = await _eenheid_ids(tx, eenheden)
            await organisation.set_eenheden(tx, recorded.medewerker_id, cleaned)
            await organisation.set_medewerker(
                tx,
                recorded.medewerker_id,
                max(recorded.vastgesteld, self._token_clock()),
                actief=recorded.actief,
            )
            left = {eigen.id for eigen in recorded.eenheden} - set(cleaned)
            return Done(None, await lay_back(tx, recorded.medewerker_id, left, self._clock()))

        await self._writer.run(work)

    async def set_actief(self, medewerker_id: str, *, actief: bool) -> None:
        """Refuse an employee's logins from now on and lay his open tasks back, or let him in again."""

        async def work(tx: Transaction) -> Done[None]:
            recorded = await _recorded(tx, medewerker_id)
            await organisation.set_medewerker(tx, recorded.medewerker_id, recorded.vastgesteld, actief=actief)
            left = [] if actief else [eigen.id for eigen in recorded.eenheden]
            return Done(None, await lay_back(tx, recorded.medewerker_id, left, self._clock()))

        await self._writer.run(work)


async def _recorded(tx: Transaction, medewerker_id: str) -> Dienstverband:
    cleaned = read_uuid(medewerker_id)
    if cleaned is not None:
        await organisation.lock_medewerker(tx, cleaned)
        if (found := await organisation.dienstverband(tx, cleaned)) is not None:
            return found
    raise Onbekend("There is no such employee.")


async def _eenheid_ids(tx: Transaction, names: Sequence[str]) -> list[str]:
    """The ids of departments named by id or identificatie, in order, each once."""
    cleaned = [read_uuid(name) or name for name in names]
    found = await organisation.eenheden_named(tx, cleaned)
    if missing := [name for name in cleaned if name not in found]:
        raise Onbekend(f"There is no department {', '.join(missing)}.")
    return list(dict.fromkeys(found[name].id for name in cleaned))
