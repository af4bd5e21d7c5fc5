"""Managing departments and employees; in this version only the command line uses it."""

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
    """A named department or employee does not exist; the message says which."""


def seconds_now() -> int:
    """The current moment in the unit of tokens: whole seconds since 1970."""
    return int(datetime.now(UTC).timestamp())


class Eenheden:
    """Departments: list, add, rename, deactivate, activate."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    async def all(self) -> list[OrganisatorischeEenheid]:
        """Every department, sorted by naam."""
        return await self._database.reading(lookups.all_eenheden, alone=True)

    async def add(self, new: NieuweEenheid) -> OrganisatorischeEenheid:
        """Add a department; raises `IdentificatieBestaat` if another department has this identificatie."""
        cleaned = new.checked()

        async def work(tx: Transaction) -> Done[OrganisatorischeEenheid]:
            return Done(await organisation.insert_eenheid(tx, cleaned.naam, cleaned.identificatie))

        return (await self._writer.run(work)).answer

    async def rename(self, named: str, naam: str) -> None:
        """Rename a department, given by id or identificatie."""
        cleaned = NieuweEenheid(naam).checked()
        await self._update(named, naam=cleaned.naam)

    async def set_actief(self, named: str, *, actief: bool) -> None:
        """Deactivate a department, given by id or identificatie, or activate it again.

        An inactive department receives no new tasks, and its employees cannot log in.
        """
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
        """Every employee who ever logged in, sorted by naam."""
        return await self._database.reading(organisation.all_medewerkers, alone=True)

    async def move(self, medewerker_id: str, eenheden: Sequence[str]) -> None:
        """Set an employee's departments, their first department first.

        Their open tasks in departments that they leave are given back. From now on, older tokens with other
        departments are refused.
        """

        async def work(tx: Transaction) -> Done[None]:
            recorded = await _recorded(tx, medewerker_id)
            eenheid_ids = await _eenheid_ids(tx, eenheden)
            await organisation.set_eenheden(tx, recorded.medewerker_id, eenheid_ids)
            await organisation.set_medewerker(
                tx,
                recorded.medewerker_id,
                max(recorded.vastgesteld, self._token_clock()),
                actief=recorded.actief,
            )
            left = {eigen.id for eigen in recorded.eenheden} - set(eenheid_ids)
            return Done(None, await lay_back(tx, recorded.medewerker_id, left, self._clock()))

        await self._writer.run(work)

    async def set_actief(self, medewerker_id: str, *, actief: bool) -> None:
        """Deactivate an employee, which refuses their logins and gives their open tasks back, or activate them."""

        async def work(tx: Transaction) -> Done[None]:
            recorded = await _recorded(tx, medewerker_id)
            await organisation.set_medewerker(tx, recorded.medewerker_id, recorded.vastgesteld, actief=actief)
            left = [] if actief else [eigen.id for eigen in recorded.eenheden]
            return Done(None, await lay_back(tx, recorded.medewerker_id, left, self._clock()))

        await self._writer.run(work)


async def _recorded(tx: Transaction, medewerker_id: str) -> Dienstverband:
    uuid = read_uuid(medewerker_id)
    if uuid is not None:
        await organisation.lock_medewerker(tx, uuid)
        if (recorded := await organisation.dienstverband(tx, uuid)) is not None:
            return recorded
    raise Onbekend("There is no such employee.")


async def _eenheid_ids(tx: Transaction, names: Sequence[str]) -> list[str]:
    """The ids of departments given by id or identificatie, in order, each once. Raises `Onbekend`."""
    names = [read_uuid(name) or name for name in names]
    by_name = await organisation.eenheden_named(tx, names)
    if missing := [name for name in names if name not in by_name]:
        raise Onbekend(f"There is no department {', '.join(missing)}.")
    return list(dict.fromkeys(by_name[name].id for name in names))
