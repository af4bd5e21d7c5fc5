"""Under which ids something is logged: of the request or socket that is served, and of the operation's trace.

A task inherits them from who began it. What serves many, and outlives who began it, begins with none.
"""

from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The request or the socket that is served."""

trace_id: ContextVar[str | None] = ContextVar("trace_id", default=None)
"""The trace of the operation that is carried out: 32 hexadecimal digits."""
