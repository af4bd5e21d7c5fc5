"""What one operation carries: who asks, the use cases, and its reading with the loaders over it."""

from collections.abc import AsyncIterable, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from strawberry.types import Info as StrawberryInfo

from app.domain.model import Gebeurtenis
from app.domain.rights import Login, Scope
from app.domain.streams import Start, read_place
from app.graphql.loaders import Loaders
from app.plans.allowance import Allowance
from app.service.committed_records import CommittedRecords, RecentCommits
from app.service.following import Following
from app.service.handle import Handle
from app.service.reading import Reading, ReadRows, Records
from app.service.register import Register
from app.service.rows import Rows
from app.service.verwerking import Verwerking
from app.service.verwerkingenlog import Gevolgd, Verwerkingenlog
from app.transport.ports import Call

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class UseCases:
    """What the API can do; made once, shared by all operations."""

    register: Register
    handle: Handle
    following: Following
    follow: Callable[[Gevolgd], AsyncIterable[Gebeurtenis]]
    open_postvak: Callable[[Gevolgd], AsyncIterable[Gebeurtenis]]
    read_rows: ReadRows
    recent: RecentCommits
    verwerkingenlog: Verwerkingenlog
    kanalen: Sequence[str]
    gevraagde_handelingen: Sequence[str]


class OperationEnded(Exception):
    """A part of an operation is still under way that would read, while the operation has ended."""


class Context:
    """The context of one operation, or of one fact of a subscription.

    The context of a fact has a scope and no login: it may be shared by all whose scope is equal, so nothing
    in it can depend on more.

    `allowance` is what lists may bring; whoever executes sets it. `is_done` is whether a deed was done, as opposed
    to refused.
    """

    def __init__(self, use_cases: UseCases, scope: Scope, login: Login | None, call: Call) -> None:
        self.use_cases = use_cases
        self.scope = scope
        self.call = call
        self.refusals: list[str] = []
        self.is_done = False
        self.allowance = Allowance(0, {}, 1)
        self.committed_records = CommittedRecords()
        self.verwerking = Verwerking(scope, login, kind=call.kind, fields=call.fields, trace_id=call.trace_id)
        self._login = login
        self._gevolgd: Gevolgd | None = None
        self._reading: Reading | None = None
        self._loaders: Loaders | None = None
        self._has_ended = False

    @property
    def notes(self) -> Mapping[str, Callable[[str], None]]:
        """What notes that something was read, for plans."""
        return self.verwerking.notes

    async def read(self, work: Callable[[Rows], Awaitable[T]], *, alone: bool) -> T:
        """What work returns that reads rows of one moment; `alone` where it asks one statement at most."""
        return await self.use_cases.read_rows(self.verwerking, work, alone=alone, stretch=self.allowance.stretch)

    def begin_again(self) -> None:
        """Forget what was noted so far, since the operation is executed anew."""
        self.verwerking.forget()

    @property
    def loaders(self) -> Loaders:
        """What reads the fields of one level together; many operations need none."""
        if self._loaders is None:
            self._loaders = Loaders(self.records, self.allowance)
        return self._loaders

    @property
    def records(self) -> Records:
        """What reads step by step, where there is no plan. `OperationEnded` where nobody waits for it any more."""
        if self._has_ended:
            raise OperationEnded
        if self._reading is None:
            self._reading = self.use_cases.read_rows.step_by_step(self.verwerking)
        return self._reading.records

    @property
    def is_of_fact(self) -> bool:
        """Whether this is the context of a fact, which may be shown later and to others than who asks."""
        return self._login is None

    @property
    def login(self) -> Login:
        """Who asks."""
        if self._login is None:
            raise RuntimeError("a fact's selection is shared: nothing in it may depend on the login")
        return self._login

    def place(self, asked: int | None) -> int | None:
        """After which place to follow: behind the last event that the client got where its transport tells, else
        where it asks. `CursorOngeldig` where the last event is no place.
        """
        last_event_id = self.call.last_event_id
        return asked if last_event_id is None else read_place(last_event_id)

    def following(self, start: Start) -> Gevolgd:
        """What is followed from now on, for the processing log."""
        self._gevolgd = Gevolgd(self.use_cases.verwerkingenlog, start, self.login, self.call.trace_id)
        return self._gevolgd

    def of_fact(self, fact: Gebeurtenis) -> "Context":
        """The context in which a fact of what is followed is selected for everyone of this scope."""
        if self._gevolgd is None:
            raise RuntimeError("nothing is followed")
        return FactContext(self.use_cases, self.scope, self.call, self._gevolgd, fact)

    async def renew(self) -> None:
        """Forget what was read: after a mutation its answer is read anew."""
        await self._close_reading()

    async def close(self) -> None:
        """Write down what was read and changed, and let go of the database."""
        self._has_ended = True
        self._write_down()
        await self._close_reading()

    async def _close_reading(self) -> None:
        reading, self._reading, self._loaders = self._reading, None, None
        if reading is not None:
            await reading.close()

    def _write_down(self) -> None:
        self.use_cases.verwerkingenlog.operation(self.verwerking)


class FactContext(Context):
    """The context of one fact of what is followed."""

    def __init__(self, use_cases: UseCases, scope: Scope, call: Call, gevolgd: Gevolgd, fact: Gebeurtenis) -> None:
        super().__init__(use_cases, scope, None, call)
        self._fact = fact
        self.committed_records = use_cases.recent.of(fact) or self.committed_records
        self._gevolgd = gevolgd
        self._place = gevolgd.start.stream.position(fact)
        self.begin_again()

    def begin_again(self) -> None:
        """Forget what was noted so far but the fact itself."""
        super().begin_again()
        self.verwerking.gelezen.add([self._fact])

    def _write_down(self) -> None:
        assert self._gevolgd is not None  # noqa: S101 - it was given
        self.use_cases.verwerkingenlog.fact(self.verwerking, self._gevolgd, self._place)


Info = StrawberryInfo[Context, None]
"""What a resolver is handed."""
