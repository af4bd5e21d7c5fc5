"""The context of one operation: its caller, the use cases, and its reads with the loaders over them."""

from collections.abc import AsyncIterable, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from strawberry.types import Info as StrawberryInfo

from app.domain.model import Gebeurtenis
from app.domain.rights import Login, Scope
from app.domain.streams import Start, read_place
from app.domain.values.moments import Clock, now
from app.graphql.loaders import Loaders
from app.plans.allowance import Allowance
from app.service.calling_back.asking import AskToCallBack
from app.service.calling_back.contact_details import ContactDetails
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
    """Everything that the API can do. Created once, shared by all operations."""

    register: Register
    handle: Handle
    contact_details: ContactDetails
    ask_to_call_back: AskToCallBack
    following: Following
    follow: Callable[[Gevolgd], AsyncIterable[Gebeurtenis]]
    open_postvak: Callable[[Gevolgd], AsyncIterable[Gebeurtenis]]
    read_rows: ReadRows
    recent: RecentCommits
    verwerkingenlog: Verwerkingenlog
    kanalen: Sequence[str]
    gevraagde_handelingen: Sequence[str]
    tijdzone: str
    clock: Clock = now


class OperationEnded(Exception):
    """A part of an operation that still runs wants to read, but the operation has already ended."""


class Context:
    """The context of one operation, or of one fact of a subscription.

    The context of a fact has a scope but no login: its result is shared by all subscribers with an equal scope, so
    it must not depend on anything else of the caller.

    `allowance` is how many items lists may have; the executor sets it. `is_done` is whether a deed was done and not
    refused.
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
        """The callbacks with which plans add what they read to the processing log."""
        return self.verwerking.notes

    async def read(self, work: Callable[[Rows], Awaitable[T]], *, alone: bool) -> T:
        """Call `work` and return its result; it reads from one snapshot. `alone`: in at most one statement."""
        return await self.use_cases.read_rows(
            self.verwerking, work, alone=alone, max_factor=self.allowance.max_factor
        )

    def begin_again(self) -> None:
        """Clear what was read so far, because the operation is executed again."""
        self.verwerking.forget()

    @property
    def loaders(self) -> Loaders:
        """The loaders, created on first use, since many operations need none."""
        if self._loaders is None:
            self._loaders = Loaders(self.records, self.allowance)
        return self._loaders

    @property
    def records(self) -> Records:
        """Reads records step by step, for operations without a plan. Raises `OperationEnded` after `close`."""
        if self._has_ended:
            raise OperationEnded
        if self._reading is None:
            self._reading = self.use_cases.read_rows.step_by_step(self.verwerking)
        return self._reading.records

    @property
    def is_of_fact(self) -> bool:
        """Whether this is the context of a fact, whose result may be sent later and to other subscribers."""
        return self._login is None

    @property
    def login(self) -> Login:
        """The caller's login; raises RuntimeError in the context of a fact."""
        if self._login is None:
            raise RuntimeError("a fact's selection is shared: nothing in it may depend on the login")
        return self._login

    def place(self, requested: int | None) -> int | None:
        """The position after which a subscription starts: that of the last event that the client got, if its
        transport sends it (Last-Event-ID), else the requested one. Raises `CursorOngeldig` if the last event's id
        is malformed.
        """
        last_event_id = self.call.last_event_id
        return requested if last_event_id is None else read_place(last_event_id)

    def following(self, start: Start) -> Gevolgd:
        """Start the subscription of this context, for the processing log."""
        self._gevolgd = Gevolgd(self.use_cases.verwerkingenlog, start, self.login, self.call.trace_id)
        return self._gevolgd

    def of_fact(self, fact: Gebeurtenis) -> "Context":
        """The context in which a fact of this subscription is executed, for all subscribers with this scope."""
        if self._gevolgd is None:
            raise RuntimeError("nothing is followed")
        return FactContext(self.use_cases, self.scope, self.call, self._gevolgd, fact)

    async def renew(self) -> None:
        """Release the snapshot, so that the answer of a mutation is read from a new one."""
        await self._close_reading()

    async def close(self) -> None:
        """Write the processing log, and release the database."""
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
    """The context of one fact of a subscription."""

    def __init__(self, use_cases: UseCases, scope: Scope, call: Call, gevolgd: Gevolgd, fact: Gebeurtenis) -> None:
        super().__init__(use_cases, scope, None, call)
        self._fact = fact
        self.committed_records = use_cases.recent.of(fact) or self.committed_records
        self._gevolgd = gevolgd
        self._place = gevolgd.start.stream.position(fact)
        self.begin_again()

    def begin_again(self) -> None:
        """Clear what was read so far, except the fact itself."""
        super().begin_again()
        self.verwerking.gelezen.add([self._fact])

    def _write_down(self) -> None:
        assert self._gevolgd is not None  # noqa: S101 - it was given
        self.use_cases.verwerkingenlog.fact(self.verwerking, self._gevolgd, self._place)


Info = StrawberryInfo[Context, None]
"""The `info` parameter of a resolver."""
