"""Under which trace an operation is called (W3C Trace Context)."""

import re
import secrets

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")


def trace_id(traceparent: object) -> str:
    """The trace id of a `traceparent`, 32 hexadecimal digits; a new one where there is none or it is malformed."""
    found = _TRACEPARENT.fullmatch(traceparent) if isinstance(traceparent, str) else None
    return found[1] if found else secrets.token_hex(16)
