"""Growth: what reading and registering cost as the register fills, in this process, without HTTP."""

import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from app.domain.filters import KlantcontactFilter, Page, Position, TaakFilter, Zoekvraag
from app.domain.model import Initiatiefnemer, InterneTaak, InterneTaakStatus, Rol, Volgorde
from app.domain.registration import NieuweTaak, NieuwKlantcontact
from app.domain.rights import Login, Scope
from app.service.reading import Reading
from app.service.register import Register
from app.service.verwerking import Verwerking
from app.service.writing import Writer, nobody_listens
from app.storage.database import Database
from app.storage.migrate import migrate
from tests.bench.bulk import fill
from tests.bench.filling import COMMON, RARE, UNCOMMON, Filling
from tests.support.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.support.postgres import USER, Postgres

_FIRST = 50
_ALL = TaakFilter()
_OPEN = TaakFilter(status=InterneTaakStatus.TE_DOEN)
_DONE = TaakFilter(status=InterneTaakStatus.GEDAAN)
_WAITING, _FINISHED = Volgorde.LANGST_WACHTEND_EERST, Volgorde.LAATST_GEDAAN_EERST

Edges = Sequence[tuple[InterneTaak, Position]]


@dataclass(frozen=True)
class Figure:
    """How long one thing took: the median and the 95th percentile of the runs, in milliseconds."""

    database: str
    tasks: int
    what: str
    p50_ms: float
    p95_ms: float


@dataclass
class Asking:
    """Who asks what of a full register: each time of another department."""

    database: Database
    filling: Filling
    random: Random = field(default_factory=lambda: Random(50))  # noqa: S311 - to be the same again

    def eenheid(self) -> str:
        """Any department but the one that registers nearly everything."""
        return self.filling.eenheden[self.random.randrange(self.filling.kcc)]

    @asynccontextmanager
    async def reading(self, eenheid: str, rol: Rol = Rol.LEZER) -> AsyncIterator[Reading]:
        """One operation of an employee."""
        reading = Reading(self.database, Verwerking(Scope(frozenset({rol}), frozenset({eenheid}))))
        try:
            yield reading
        finally:
            await reading.close()

    async def postvak(
        self, asked: TaakFilter, volgorde: Volgorde = _WAITING, after: Position | None = None, of: str | None = None
    ) -> Edges:
        """An inbox and a page of it."""
        eenheid = of or self.eenheid()
        async with self.reading(eenheid) as reading:
            await reading.postvak(eenheid)
            here = replace(asked, organisatorische_eenheid_id=eenheid)
            return (await reading.taken(here, volgorde, Page(_FIRST, after))).items

    async def taken(
        self, asked: TaakFilter, volgorde: Volgorde = _WAITING, after: Position | None = None, of: str | None = None
    ) -> Edges:
        """A page of all tasks that an employee may see."""
        async with self.reading(of or self.eenheid()) as reading:
            return (await reading.taken(asked, volgorde, Page(_FIRST, after))).items

    async def all_taken(self, asked: TaakFilter, after: Position | None = None) -> Edges:
        """A page of all tasks that there are."""
        async with self.reading(self.eenheid(), Rol.TOEZICHTHOUDER) as reading:
            return (await reading.taken(asked, _WAITING, Page(_FIRST, after))).items

    async def contacts(self, asked: KlantcontactFilter) -> None:
        """A page of all contacts that an employee may see."""
        async with self.reading(self.eenheid()) as reading:
            await reading.klantcontacten(asked, Volgorde.NIEUWSTE_EERST, Page(_FIRST))

    async def deep(self) -> Position:
        """A place in any inbox behind three pages."""
        eenheid, after = self.eenheid(), self.middle(_WAITING)
        for _ in range(3):
            edges = await self.postvak(_OPEN, after=after, of=eenheid)
            after = edges[-1][1] if edges else after
        return after

    async def nummer(self) -> str:
        """The number of any task."""
        return self.random.choice(await self.all_taken(TaakFilter(), self.middle(_WAITING)))[0].nummer

    def middle(self, volgorde: Volgorde) -> Position:
        """A place in the middle of years."""
        moment = self.filling.moment(self.random.uniform(0.4, 0.6))
        return (1, moment, "") if volgorde is _WAITING else (moment, moment, "")

    async def register(self, writer: Writer) -> None:
        """Register a contact with its task."""
        kcc = self.filling.kcc
        login = Login(self.filling.medewerkers[kcc], frozenset({Rol.KCC}), (self.filling.eenheden[kcc],))
        taak = NieuweTaak(None, "Overname gesprek met klant", True, None, self.eenheid(), None)
        asked = NieuwKlantcontact(None, None, Initiatiefnemer.KLANT, *self.filling.text(), (taak,))
        await Register(writer, ["Telefoon"]).klantcontact(login, asked, Verwerking(login.scope, login))


def _searched(word: str, asked: TaakFilter = _ALL) -> TaakFilter:
    return replace(asked, zoek=Zoekvraag((word,)))


Ask = Callable[[], Awaitable[object]]


async def _questions(asking: Asking, writer: Writer) -> dict[str, Ask]:
    """What is measured, by name."""
    deep, nummer = await asking.deep(), await asking.nummer()
    kcc = asking.filling.eenheden[asking.filling.kcc]
    postvak, taken, all_taken = asking.postvak, asking.taken, asking.all_taken
    return {
        "inbox, first page": partial(postvak, _OPEN),
        "inbox, deep": partial(postvak, _OPEN, after=deep),
        "inbox, open and done": partial(postvak, _ALL),
        "inbox, done, deep": lambda: postvak(_DONE, _FINISHED, asking.middle(_FINISHED)),
        "interneTaken, employee": partial(taken, _ALL),
        "interneTaken, employee, deep": lambda: taken(_ALL, after=asking.middle(_WAITING)),
        "interneTaken, employee, newest": partial(taken, _ALL, Volgorde.NIEUWSTE_EERST),
        "interneTaken, who registers all": partial(taken, _ALL, of=kcc),
        "interneTaken, who sees all": partial(all_taken, _ALL),
        "klantcontacten, employee": partial(asking.contacts, KlantcontactFilter()),
        "by number": partial(all_taken, TaakFilter(nummer=nummer)),
        "ten digits": partial(all_taken, TaakFilter(zoek=Zoekvraag((nummer,), nummer))),
        "rare word, who sees all": partial(all_taken, _searched(RARE)),
        "rare word, employee": partial(taken, _searched(RARE)),
        "rare word, inbox": partial(postvak, _searched(RARE, _OPEN)),
        "1 in 1,000, who sees all": partial(all_taken, _searched(UNCOMMON)),
        "1 in 1,000, employee": partial(taken, _searched(UNCOMMON)),
        "1 in 5, who sees all": partial(all_taken, _searched(COMMON)),
        "1 in 5, employee": partial(taken, _searched(COMMON)),
        "1 in 5, inbox": partial(postvak, _searched(COMMON, _OPEN)),
        "one letter, who sees all": partial(all_taken, _searched("a")),
        "one letter, employee": partial(taken, _searched("a")),
        "registration": partial(asking.register, writer),
    }


async def measure(
    kind: str, tasks: int, runs: int, databases: Databases, report: Callable[[Figure], None]
) -> list[Figure]:
    """Fill a database of the kind with so many tasks, and measure everything on it."""
    with databases.new() as url:
        filling = Filling(tasks)
        await migrate(url)
        await fill(url, filling)
        return await measure_on(url, kind, filling, runs, report)


async def measure_on(
    url: str, kind: str, filling: Filling, runs: int, report: Callable[[Figure], None]
) -> list[Figure]:
    """Measure everything on a database that is filled."""
    figures = []
    # No commit waits for a disk: how long that takes depends on no size.
    database = Database(url, synchronous="NORMAL")
    try:
        asking = Asking(database, filling)
        for what, ask in (await _questions(asking, Writer(database, nobody_listens))).items():
            figure = Figure(kind, filling.tasks, what, *await _timed(ask, runs))
            report(figure)
            figures.append(figure)
    finally:
        await database.close()
    return figures


async def _timed(ask: Ask, runs: int) -> tuple[float, float]:
    for _ in range(max(runs // 10, 1)):
        await ask()
    took = []
    gc.collect()
    for _ in range(runs):
        began = perf_counter()
        await ask()
        took.append((perf_counter() - began) * 1000)
    return median(took), quantiles(took, n=20)[-1]


@contextmanager
def databases_of(kind: str) -> Iterator[Databases]:
    """Where databases of a kind are made, and left no trace of."""
    if kind == "sqlite":
        with TemporaryDirectory(prefix="overdracht-growth-") as directory:
            yield SqliteDatabases(Path(directory))
        return
    server = Postgres(_POSTGRESQL)
    try:
        # Only such a one may leave references unchecked meanwhile.
        server.execute(f"ALTER ROLE {USER} SUPERUSER")
        yield PostgresqlDatabases(server)
    finally:
        server.remove()


# As an administrator would set it for a machine with some memory; as on SQLite, no commit waits for a disk.
_POSTGRESQL = {
    "shared_buffers": "2GB",
    "autovacuum": "on",
    "synchronous_commit": "off",
    "max_wal_size": "8GB",
}


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table: for each thing a row, for each size p50 and p95, and how they relate."""
    columns = list(dict.fromkeys((figure.database, figure.tasks) for figure in figures))
    by_place = {(figure.what, figure.database, figure.tasks): figure for figure in figures}
    lines = ["| p50 / p95 in ms | " + " | ".join(f"{database}, {tasks:,}" for database, tasks in columns) + " |"]
    lines.append("|---|" + "---:|" * len(columns))
    for what in dict.fromkeys(figure.what for figure in figures):
        cells = [by_place[what, *column] for column in columns]
        lines.append(f"| {what} | " + " | ".join(f"{cell.p50_ms:.2f} / {cell.p95_ms:.2f}" for cell in cells) + " |")
    return "\n".join(lines)
