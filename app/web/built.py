"""Built files, read into memory at start-up: a request never reads from the disk."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.transport.http.request_headers import Headers

STATIC = Path(__file__).parent / "static"
"""The directory of the built pages; each has a directory of its own in it."""

FOR_EVER = "public, max-age=31536000, immutable"
"""Cache-Control for files whose content never changes, because their name has a hash of it."""
ASK_AGAIN = "no-cache"
"""Cache-Control for files that may be cached, but are revalidated at each use."""

_CODINGS = {"br": ".br", "gzip": ".gz"}
"""The suffixes of compressed files that a build puts beside a file, by content coding; the smallest comes first."""

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
"""Media types by suffix. Python's `mimetypes` is not used: it also reads the machine's own list, so it differs."""

_PIECE = 65_536
"""The bytes of a file that are sent at a time."""

_NEVER = re.compile(r"0(\.0{0,3})?")
"""A quality of 0: the client does not accept the coding."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A file in one content coding, with the headers of its response."""

    body: bytes
    headers: Mapping[str, str]


class InPieces(Response):
    """A response that is sent in pieces, each when the client has read the one before. So at most one piece per
    client waits in memory.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        body = memoryview(self.body)
        for start in range(0, len(body), _PIECE):
            piece = bytes(body[start : start + _PIECE])
            await send({"type": "http.response.body", "body": piece, "more_body": start + _PIECE < len(body)})
        if not body:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class BuiltFile:
    """A file as an ASGI application: answers with the smallest coding that the browser accepts, or with 304 if the
    browser's cached copy is current.

    `kind` is the file's suffix, `coded` has it in other content codings. `headers` are added to every response.
    """

    def __init__(
        self, kind: str, plain: bytes, headers: Mapping[str, str], coded: Mapping[str, bytes] | None = None
    ) -> None:
        digest = hashlib.sha256(plain).hexdigest()[:32]
        common = {"content-type": _TYPES.get(kind, "application/octet-stream"), **headers}
        self._coded = {
            coding: _Form(
                body,
                {**common, "etag": f'"{digest}-{coding}"', "content-encoding": coding, "vary": "accept-encoding"},
            )
            for coding, body in (coded or {}).items()
        }
        vary = {"vary": "accept-encoding"} if self._coded else {}
        self._plain = _Form(plain, {**common, "etag": f'"{digest}"', **vary})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        head = Headers(scope)
        form = self._form(head)
        if _has(head, form.headers["etag"]):
            # A browser updates the headers of its cached copy with these, so all are sent but those about a body.
            about_body = ("content-type", "content-encoding")
            headers = {name: value for name, value in form.headers.items() if name not in about_body}
            response = Response(status_code=304, headers=headers)
        else:
            response = InPieces(form.body, headers=form.headers)
        await response(scope, receive, send)

    def _form(self, head: Headers) -> _Form:
        accepted = _accepted(",".join(head.all(b"accept-encoding")))
        return next((form for coding, form in self._coded.items() if accepted.get(coding, False)), self._plain)


def read_built(path: Path, headers: Mapping[str, str]) -> BuiltFile:
    """Read a file, and the compressed versions that a build put beside it."""
    beside = {coding: path.with_name(path.name + suffix) for coding, suffix in _CODINGS.items()}
    coded = {coding: other.read_bytes() for coding, other in beside.items() if other.is_file()}
    return BuiltFile(path.suffix, path.read_bytes(), headers, coded)


def built_files(directory: Path) -> dict[str, Path]:
    """The files of a built directory, by relative path; without hidden files and compressed versions."""
    files = {path.relative_to(directory).as_posix(): path for path in directory.rglob("*") if path.is_file()}
    return {
        name: path
        for name, path in sorted(files.items())
        if not any(part.startswith(".") for part in name.split("/"))
        and not (path.suffix in _CODINGS.values() and name.removesuffix(path.suffix) in files)
    }


def _has(head: Headers, etag: str) -> bool:
    """Whether If-None-Match says that the browser has this version (RFC 9110, section 13.1.2)."""
    tags = [tag.strip().removeprefix("W/") for tag in ",".join(head.all(b"if-none-match")).split(",")]
    return etag in tags or tags == ["*"]


def _accepted(accept_encoding: str) -> dict[str, bool]:
    """Whether a client accepts each of our content codings (RFC 9110, section 12.5.3)."""
    named = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameter = part.partition(";")
        named[coding.strip()] = not _NEVER.fullmatch(parameter.strip().removeprefix("q="))
    return {coding: named.get(coding, named.get("*", False)) for coding in _CODINGS}
