"""One WebSocket in graphql-transport-ws: its messages are checked first, and then done.

Specification: PROTOCOL.md of the npm package graphql-ws.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, cast

import orjson
from graphql import GraphQLError
from starlette.types import Receive

from app.transport.connections.connection_counter import ConnectionLimit, CountedConnection, RateLimit
from app.transport.connections.pipe import CloseCode, Socket
from app.transport.connections.session_watch import AnotherCaller, SessionWatch
from app.transport.execution.request import Malformed, NotJson, read_json, request_of
from app.transport.limits import Limit, LimitReached
from app.transport.ports import CallerSession
from app.transport.transport import Transport
from app.transport.websocket.messages import malformed, pong
from app.transport.websocket.operation import SocketOperation

_MAX_REASON = 123
"""The bytes of a reason that fit in a close frame (RFC 6455, section 5.5)."""


class WebSocketHandler:
    """One socket. Each operation has a task of its own, so that one that waits holds up no other."""

    session: CallerSession
    _init_timer: asyncio.TimerHandle
    _letting_in: asyncio.Task[None] | None = None

    def __init__(self, transport: Transport, pipe: Socket) -> None:
        self.transport = transport
        self.pipe = pipe
        self.operations: dict[str, SocketOperation] = {}
        self._is_initialised = self._is_acknowledged = False
        self._limits = transport.settings.sockets
        self._pace = RateLimit(self._limits.messages)
        self._place: CountedConnection | None = None
        self._session_watch: SessionWatch | None = None

    async def handle(self, receive: Receive) -> None:
        """Serve the socket until it closes."""
        self.transport.idle_watch.add(self.pipe)
        self.transport.connection_counter.is_nobodys(self.pipe)
        self._await_initialisation()
        try:
            try:
                await self._listen(receive)
            finally:
                await self._shut_down()
        except Exception as error:
            self.end_after(error)
        finally:
            self.transport.connection_counter.is_known(self.pipe)
            if self._place is not None:
                self._place.leave()
            self.transport.idle_watch.remove(self.pipe)
            self.transport.observer.closed(*self.pipe.ending)

    def _await_initialisation(self) -> None:
        """Begin to wait for connection_init: by a timer, which costs a crowd of sockets less than a task each."""
        self._init_timer = asyncio.get_running_loop().call_later(
            self.transport.settings.connection_init_seconds,
            self.pipe.end,
            CloseCode.CONNECTION_INITIALISATION_TIMEOUT,
            "Connection initialisation timeout",
        )

    async def _listen(self, receive: Receive) -> None:
        """Take messages until the socket is closed, or one comes that is no JSON."""
        while (received := await receive())["type"] != "websocket.disconnect":
            if (text := received.get("text")) is None:
                self._refuse("WebSocket message type must be text")
                return
            try:
                message = read_json(text)
            except NotJson:
                self._refuse("WebSocket message must be valid JSON")
                return
            await self._take(message)

    async def _shut_down(self) -> None:
        """The socket is closed: end everything that was begun on it."""
        self._init_timer.cancel()
        try:
            if (letting_in := self._letting_in) is not None:
                letting_in.cancel()
                await asyncio.wait([letting_in])
        finally:
            if self._session_watch is not None:
                self._session_watch.end()
                # It has methods of this socket: no circle.
                self._session_watch = None
            await self._stop_operations()

    async def _stop_operations(self) -> None:
        """End every operation, and wait until its task has put away what it used."""
        tasks = [operation.task for operation in self.operations.values() if operation.task is not None]
        for id_ in list(self.operations):
            self._complete(id_)
        for task in tasks:
            # One by one: if this task itself is cancelled meanwhile, the others are still waited for.
            with suppress(Exception, asyncio.CancelledError):
                await task

    async def _take(self, message: object) -> None:
        """Do what a message says that has the shape of its type; close with 4400 on any other.

        What came behind a message that the socket was closed for is not looked at.
        """
        if not self.pipe.is_open:
            return
        if not self._pace.allows():
            self.transport.observer.limit_refused(ConnectionLimit.MESSAGES)
            self.pipe.end(CloseCode.POLICY_VIOLATION, "Too many messages")
            return
        self.transport.attendance.heard(self.pipe)
        if (reason := malformed(message)) is not None:
            self._refuse(reason)
            return
        await self._do(cast(Mapping[str, Any], message))

    async def _do(self, message: Mapping[str, Any]) -> None:
        """Do what a message of the protocol says. A `pong` needs no answer: it was a sign of life."""
        match message["type"]:
            case "connection_init":
                self._initialise(message.get("payload"))
            case "ping":
                await self._ping(message.get("payload"))
            case "subscribe":
                await self._subscribe(message["id"], message["payload"])
            case "complete":
                self._complete(message["id"])

    def _refuse(self, reason: str) -> None:
        """Close the socket with 4400: a message is none of the protocol."""
        self._close(CloseCode.BAD_REQUEST, f"Invalid message received: {reason}")

    def _close(self, code: CloseCode, reason: str) -> None:
        """Close the socket, with as much of a reason as a close frame holds: an id in it has any length."""
        self.pipe.end(code, reason.encode()[:_MAX_REASON].decode(errors="ignore"))

    def _initialise(self, payload: Mapping[str, object] | None) -> None:
        """Begin to let the caller in, or close the socket where that was begun.

        In a task of its own: what comes meanwhile is answered as well, as what comes before the acknowledgement.
        """
        if self._is_initialised:
            self.pipe.end(CloseCode.TOO_MANY_INITIALISATION_REQUESTS, "Too many initialisation requests")
            return
        self._is_initialised = True
        self._init_timer.cancel()
        self._letting_in = asyncio.create_task(self._check(payload))

    async def _check(self, payload: Mapping[str, object] | None) -> None:
        """Let the caller in, or close the socket."""
        try:
            session = await self.transport.open_session(_authorization(payload))
            self._place = self.transport.connection_counter.of_caller(session.caller)
            await self._let_in(session)
        except GraphQLError:
            self.pipe.end(CloseCode.FORBIDDEN, "Forbidden")
        except LimitReached:
            self.pipe.end(CloseCode.TRY_AGAIN_LATER, "Too many connections")
        except Exception as error:
            self.end_after(error)
        finally:
            self._letting_in = None

    async def _let_in(self, session: CallerSession) -> None:
        self.transport.connection_counter.is_known(self.pipe)
        self.session = session
        self._session_watch = SessionWatch(session, self._rights_changed, self.send_away)
        await self._session_watch.settle()
        self._is_acknowledged = True
        await self.send({"type": "connection_ack"})

    async def _ping(self, payload: Mapping[str, object] | None) -> None:
        """Answer with the payload. One with an Authorization value renews what the caller came in with."""
        if self._session_watch is not None and (given := _authorization(payload)) is not None:
            try:
                await self._session_watch.renew(await self.transport.open_session(given))
            except (GraphQLError, AnotherCaller):
                self.pipe.end(CloseCode.FORBIDDEN, "Forbidden")
                return
        if (answer := pong(payload)) is None:
            self._refuse("its payload cannot be sent back")
        else:
            await self.send_text(answer)

    async def _subscribe(self, id_: str, payload: Mapping[str, object]) -> None:
        """Begin an operation."""
        if self.pipe.pending:
            # Whoever does not take what waits has no more of his messages read.
            await self.pipe.emptied()
        if not self._is_acknowledged:
            self.pipe.end(CloseCode.UNAUTHORIZED, "Unauthorized")
        elif id_ in self.operations:
            self._close(CloseCode.SUBSCRIBER_ALREADY_EXISTS, f"Subscriber for {id_} already exists")
        elif len(self.operations) >= self._limits.operations:
            reached = LimitReached(Limit.OPERATIONS, self._limits.operations)
            error = self.transport.format_error(GraphQLError("", original_error=reached))
            await self.send({"id": id_, "type": "error", "payload": [error]})
        else:
            await self._begin(id_, payload)

    async def _begin(self, id_: str, payload: Mapping[str, object]) -> None:
        try:
            self.operations[id_] = SocketOperation(self, id_, request_of(payload))
        except Malformed as wrong:
            # Beyond the shapes that the protocol has, what extensions hold may be wrong.
            error = self.transport.format_error(GraphQLError(str(wrong)))
            await self.send({"id": id_, "type": "error", "payload": [error]})

    def _complete(self, id_: str) -> None:
        """End an operation, as its client or the end of the socket asks; nothing where there is none."""
        if (operation := self.operations.pop(id_, None)) is not None:
            operation.stop()

    async def _rights_changed(self, session: CallerSession) -> None:
        """Go on with other rights. Where nothing that was followed may be followed any more, nothing is left."""
        self.session = session
        # All are halted before one goes on: that may wait for room on the socket.
        halted = [(one, place) for one in self.operations.values() if (place := one.halt(session)) is not None]
        allowed = [await operation.go_on(session, place) for operation, place in halted]
        if allowed and not any(allowed) and not any(one.follows for one in self.operations.values()):
            self.send_away(CloseCode.UNAUTHORIZED)

    async def session_now(self) -> CallerSession:
        """The caller as he stands now; a GraphQL error where he would not be let in any more."""
        before = self.session
        try:
            now = await before.renewed()
        except GraphQLError:
            if self.session is before:
                raise
            # It was renewed meanwhile.
            return await self.session_now()
        if self.session is before:
            self.session = now
        return self.session

    def send_away(self, code: CloseCode) -> None:
        """Close the socket of who is not let in any more."""
        self.pipe.end(code, "Forbidden" if code is CloseCode.FORBIDDEN else "Unauthorized")

    def end_after(self, error: Exception) -> None:
        """End the socket: so that the client comes back where the error passes, else with 4500 since we broke."""
        # Nobody is sent it, but the log and the figures have it.
        self.transport.format_error(GraphQLError("", original_error=error))
        if self.transport.is_transient(error):
            self.pipe.end(CloseCode.TRY_AGAIN_LATER, "Try again later")
        else:
            self.pipe.end(CloseCode.INTERNAL_SERVER_ERROR, "Internal server error")

    def has(self, operation: SocketOperation) -> bool:
        """Whether an operation still runs here."""
        return self.operations.get(operation.id) is operation

    def forget(self, operation: SocketOperation) -> None:
        """An operation has ended, and its id is free."""
        del self.operations[operation.id]

    async def send_text(self, text: bytes) -> None:
        """Send a message that is written already, when there is room for it; nothing where the socket was closed
        meanwhile.
        """
        while not self.pipe.offer(b"", [text], b"", self.transport.max_pending):
            await self.pipe.emptied()

    async def send(self, message: Mapping[str, object]) -> None:
        """Send a message when there is room for it."""
        await self.send_text(orjson.dumps(message))


def _authorization(payload: Mapping[str, object] | None) -> object:
    """The Authorization value in a payload, under that name in any case; None where there is none."""
    return next((value for key, value in (payload or {}).items() if key.lower() == "authorization"), None)
