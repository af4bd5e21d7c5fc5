"""What RFC 9112 and RFC 9110 say of the head of a request, beyond what its parser looks at: of a request that two
readers could understand in two ways, one of them a proxy before this server, nothing is answered.
"""

import re
from collections.abc import Collection, Sequence

BAD_REQUEST = 400
NOT_IMPLEMENTED = 501

Headers = Sequence[tuple[bytes, bytes]]
"""Headers in the order in which they came, their names in lower case."""

_ONCE = (b"host", b"authorization", b"content-type", b"content-length", b"transfer-encoding", b"origin")
"""Headers of which the second one contradicts the first."""
_HOST = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")


def wrong_head(version: str, target: bytes, headers: Headers) -> int | None:
    """The status of the answer to a request whose head is wrong; None where it is as it should be.

    `version` is that of HTTP, as 1.1; `target` is what stands between the method and that.
    """
    values = {name: [value for other, value in headers if other == name] for name in _ONCE}
    if any(len(found) > 1 for found in values.values()):
        return BAD_REQUEST
    return _wrong_host(version, target, values[b"host"]) or _wrong_coding(version, values[b"transfer-encoding"])


def _wrong_host(version: str, target: bytes, hosts: Collection[bytes]) -> int | None:
    """Every request names its host, but those of HTTP/1.0; where the target names one as well it is the same."""
    if not hosts:
        return None if version == "1.0" else BAD_REQUEST
    (host,) = hosts
    authority = target.partition(b"://")[2].partition(b"/")[0] if not target.startswith(b"/") else host
    return None if _HOST.fullmatch(host) and authority.lower() == host.lower() else BAD_REQUEST


def _wrong_coding(version: str, codings: Collection[bytes]) -> int | None:
    """A body is sent as it is or in chunks, which HTTP/1.0 does not know."""
    if not codings:
        return None
    (coding,) = codings
    if coding.strip().lower() != b"chunked":
        return NOT_IMPLEMENTED
    return BAD_REQUEST if version == "1.0" else None
