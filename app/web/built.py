"""Serves the files of a build from memory: nothing is read from the disk while requests come in."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.transport.http.request_headers import Headers

STATIC = Path(__file__).parent / "static"
"""The directory with a folder for each built page."""

IMMUTABLE = "public, max-age=31536000, immutable"
"""Cached for a year without revalidation: for names that contain a hash of the content."""
REVALIDATE = "no-cache"
"""Cached, but revalidated for every request."""

_CODINGS = {"br": ".br", "gzip": ".gz"}
"""The suffix of the compressed file by content coding; the smaller coding comes first."""

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
"""Content types by suffix. Python's own list also depends on the machine."""

_CHUNK_BYTES = 65_536

_QUALITY_ZERO = re.compile(r"0(\.0{0,3})?")


@dataclass(frozen=True, slots=True)
class _Variant:
    """A file in one content coding, with its response headers."""

    body: bytes
    headers: Mapping[str, str]


class ChunkedResponse(Response):
    """A response that is sent in chunks, each after the client has read the one before. A client that does not read
    takes up little memory.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response in chunks."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        body = memoryview(self.body)
        for start in range(0, len(body), _CHUNK_BYTES):
            chunk = bytes(body[start : start + _CHUNK_BYTES])
            await send({"type": "http.response.body", "body": chunk, "more_body": start + _CHUNK_BYTES < len(body)})
        if not body:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class BuiltFile:
    """Serves one file as an ASGI application: in the smallest coding that the browser accepts, or as 304.

    `suffix` determines the content type, `coded` has the file in other codings.
    `headers` are in every response.
    """

    def __init__(
        self, suffix: str, plain: bytes, headers: Mapping[str, str], coded: Mapping[str, bytes] | None = None
    ) -> None:
        digest = hashlib.sha256(plain).hexdigest()[:32]
        common = {"content-type": _TYPES.get(suffix, "application/octet-stream"), **headers}
        self._coded = {
            coding: _Variant(
                body,
                {**common, "etag": f'"{digest}-{coding}"', "content-encoding": coding, "vary": "accept-encoding"},
            )
            for coding, body in (coded or {}).items()
        }
        vary = {"vary": "accept-encoding"} if self._coded else {}
        self._plain = _Variant(plain, {**common, "etag": f'"{digest}"', **vary})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with the file, or with 304 where the browser has it already."""
        head = Headers(scope)
        variant = self._variant(head)
        if _is_current(head, variant.headers["etag"]):
            # The browser updates the headers of its cached response with these.
            about_body = ("content-type", "content-encoding")
            headers = {name: value for name, value in variant.headers.items() if name not in about_body}
            response = Response(status_code=304, headers=headers)
        else:
            response = ChunkedResponse(variant.body, headers=variant.headers)
        await response(scope, receive, send)

    def _variant(self, head: Headers) -> _Variant:
        accepted = _accepted(",".join(head.all(b"accept-encoding")))
        variants = (variant for coding, variant in self._coded.items() if accepted.get(coding, False))
        return next(variants, self._plain)


def read_built(path: Path, headers: Mapping[str, str]) -> BuiltFile:
    """Read a file and the compressed files beside it."""
    beside = {coding: path.with_name(path.name + suffix) for coding, suffix in _CODINGS.items()}
    coded = {coding: other.read_bytes() for coding, other in beside.items() if other.is_file()}
    return BuiltFile(path.suffix, path.read_bytes(), headers, coded)


def built_files(directory: Path) -> dict[str, Path]:
    """The files of a build by name, without hidden files and without the compressed forms of other files."""
    found = {path.relative_to(directory).as_posix(): path for path in directory.rglob("*") if path.is_file()}
    return {
        name: path
        for name, path in sorted(found.items())
        if not any(part.startswith(".") for part in name.split("/"))
        and not (path.suffix in _CODINGS.values() and name.removesuffix(path.suffix) in found)
    }


def _is_current(head: Headers, etag: str) -> bool:
    """Whether the browser's cached version is current: If-None-Match (RFC 9110, section 13.1.2)."""
    tags = [tag.strip().removeprefix("W/") for tag in ",".join(head.all(b"if-none-match")).split(",")]
    return etag in tags or tags == ["*"]


def _accepted(accept_encoding: str) -> dict[str, bool]:
    """Whether a client accepts each of our codings: Accept-Encoding (RFC 9110, section 12.5.3)."""
    named = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameter = part.partition(";")
        named[coding.strip()] = not _QUALITY_ZERO.fullmatch(parameter.strip().removeprefix("q="))
    return {coding: named.get(coding, named.get("*", False)) for coding in _CODINGS}
