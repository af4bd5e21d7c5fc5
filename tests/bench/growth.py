"""Growth: what reading and registering cost as the register fills, in this process, without HTTP."""

import gc
from collections.abc import Awaitable, Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy import select

from app.domain.finding.filters import KlantcontactFilter, Page, Position, TaakFilter
from app.domain.finding.search import read_zoektekst
from app.domain.model import Initiatiefnemer, InterneTaakStatus, Rol, Volgorde
from app.domain.registration import NieuweTaak, NieuwKlantcontact
from app.domain.rights import Login, Scope
from app.service.register import Register
from app.service.verwerking import Verwerking
from app.service.writing import Writer, nobody_listens
from app.storage.engine.database import Database
from app.storage.lists.conditions import Conditions, klantcontact_conditions, taak_conditions
from app.storage.lists.pages import ListPage
from app.storage.migrations.migrate import migrate
from app.storage.schema.tables import interne_taak
from app.storage.sql.prepared import Prepared
from tests.bench.bulk import fill
from tests.bench.filling import COMMON, RARE, UNCOMMON, Filling
from tests.support.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.support.postgres import USER, Postgres

_FIRST = 50
_ALL = TaakFilter()
_OPEN = TaakFilter(status=InterneTaakStatus.TE_DOEN)
_DONE = TaakFilter(status=InterneTaakStatus.GEDAAN)
_WAITING, _FINISHED = Volgorde.LANGST_WACHTEND_EERST, Volgorde.LAATST_GEDAAN_EERST

Edges = Sequence[tuple[Any, ...]]
"""Rows, the position last."""

_SEES_ALL = Scope(frozenset({Rol.TOEZICHTHOUDER}), frozenset())


def _seeing(eenheid: str) -> Scope:
    return Scope(frozenset({Rol.LEZER}), frozenset({eenheid}))


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
    _prepared: dict[Hashable, Prepared] = field(default_factory=dict)

    def eenheid(self) -> str:
        """Any department but the one that registers nearly everything."""
        return self.filling.eenheden[self.random.randrange(self.filling.kcc)]

    async def page(
        self, conditions: Conditions, volgorde: Volgorde, after: Position | None
    ) -> Sequence[tuple[Any, ...]]:
        """A page as plans read it: by a statement that is compiled once for a form, in one hop."""
        paged = ListPage(conditions, volgorde, Page(_FIRST, after))
        prepared = self._prepared.get(paged.form)
        if prepared is None:
            # The position of a row comes last.
            columns = [*conditions.table.c, *(key.label(f"key_{nth}") for nth, key in enumerate(paged.keys()))]
            statement = select(*columns).where(*paged.where()).order_by(*paged.order_by()).limit(paged.limit())
            prepared = self._prepared[paged.form] = Prepared.of(statement)
        return await self.database.reading(lambda tx: tx.run(prepared, **paged.values), alone=True)

    async def postvak(
        self, asked: TaakFilter, volgorde: Volgorde = _WAITING, after: Position | None = None, of: str | None = None
    ) -> Edges:
        """A page of an inbox."""
        eenheid = of or self.eenheid()
        here = replace(asked, organisatorische_eenheid_id=eenheid)
        return await self.page(taak_conditions(_seeing(eenheid), here), volgorde, after)

    async def taken(
        self, asked: TaakFilter, volgorde: Volgorde = _WAITING, after: Position | None = None, of: str | None = None
    ) -> Edges:
        """A page of all tasks that an employee may see."""
        return await self.page(taak_conditions(_seeing(of or self.eenheid()), asked), volgorde, after)

    async def all_taken(self, asked: TaakFilter, after: Position | None = None) -> Edges:
        """A page of all tasks that there are."""
        return await self.page(taak_conditions(_SEES_ALL, asked), _WAITING, after)

    async def contacts(self, asked: KlantcontactFilter) -> Edges:
        """A page of all contacts that an employee may see."""
        conditions = klantcontact_conditions(_seeing(self.eenheid()), asked)
        return await self.page(conditions, Volgorde.NIEUWSTE_EERST, None)

    async def deep(self) -> Position:
        """A place in any inbox behind three pages."""
        eenheid, after = self.eenheid(), self.middle(_WAITING)
        for _ in range(3):
            edges = await self.postvak(_OPEN, after=after, of=eenheid)
            after = edges[-1][-len(after) :] if edges else after
        return after

    async def nummer(self) -> str:
        """The number of any task."""
        rows = await self.all_taken(_ALL, self.middle(_WAITING))
        return str(self.random.choice(rows)[list(interne_taak.c.keys()).index("nummer")])

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
    return replace(asked, zoek=read_zoektekst(word))


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
        "ten digits": partial(all_taken, TaakFilter(zoek=read_zoektekst(nummer))),
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
        # What filling left is not collected in the midst of it.
        gc.collect()
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
