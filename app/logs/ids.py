"""The ids that log records carry: of the current request or socket, and of the operation's trace.

An asyncio task inherits them from the code that created it. A task that serves many requests begins without ids.
"""

from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the current request or WebSocket."""

trace_id: ContextVar[str | None] = ContextVar("trace_id", default=None)
"""The trace id of the current operation: 32 hexadecimal digits."""
