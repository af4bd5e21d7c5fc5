"""Files as a build left them, held in memory: whatever is asked later is no longer looked up on the disk."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.transport.http.request_headers import Headers

STATIC = Path(__file__).parent / "static"
"""Where pages are built, each into a directory of its own."""

FOR_EVER = "public, max-age=31536000, immutable"
"""May be kept without asking again: for names that have another content never."""
ASK_AGAIN = "no-cache"
"""May be kept, and is asked about each time."""

_CODINGS = {"br": ".br", "gzip": ".gz"}
"""The forms that a build leaves beside a file, by what browsers call them; what is smaller stands first."""

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
"""The same on every machine, unlike those of Python, which reads the machine's own list as well."""

_PIECE = 65_536

_NEVER = re.compile(r"0(\.0{0,3})?")


@dataclass(frozen=True, slots=True)
class _Form:
    """A file in one coding, with the headers of an answer with it."""

    body: bytes
    headers: Mapping[str, str]


class InPieces(Response):
    """A response of which the next piece is written when the one before is taken: whoever does not read has no more
    of it waiting.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        body = memoryview(self.body)
        for start in range(0, len(body), _PIECE):
            piece = bytes(body[start : start + _PIECE])
            await send({"type": "http.response.body", "body": piece, "more_body": start + _PIECE < len(body)})
        if not body:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class BuiltFile:
    """A file as an application: the smallest form that the browser takes, or that what it has is still that.

    `kind` is how its name ends, `coded` has it in other codings. `headers` come with every answer.
    """

    def __init__(
        self, kind: str, plain: bytes, headers: Mapping[str, str], coded: Mapping[str, bytes] | None = None
    ) -> None:
        digest = hashlib.sha256(plain).hexdigest()[:32]
        said = {"content-type": _TYPES.get(kind, "application/octet-stream"), **headers}
        self._coded = {
            coding: _Form(
                body,
                {**said, "etag": f'"{digest}-{coding}"', "content-encoding": coding, "vary": "accept-encoding"},
            )
            for coding, body in (coded or {}).items()
        }
        vary = {"vary": "accept-encoding"} if self._coded else {}
        self._plain = _Form(plain, {**said, "etag": f'"{digest}"', **vary})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        head = Headers(scope)
        form = self._form(head)
        if _has(head, form.headers["etag"]):
            # A browser takes these for what it kept, so all are told but those about a body.
            about_body = ("content-type", "content-encoding")
            kept = {name: value for name, value in form.headers.items() if name not in about_body}
            response = Response(status_code=304, headers=kept)
        else:
            response = InPieces(form.body, headers=form.headers)
        await response(scope, receive, send)

    def _form(self, head: Headers) -> _Form:
        taken = _taken(",".join(head.all(b"accept-encoding")))
        return next((form for coding, form in self._coded.items() if taken.get(coding, False)), self._plain)


def read_built(path: Path, headers: Mapping[str, str]) -> BuiltFile:
    """A file and what a build left beside it in other codings."""
    beside = {coding: path.with_name(path.name + suffix) for coding, suffix in _CODINGS.items()}
    coded = {coding: other.read_bytes() for coding, other in beside.items() if other.is_file()}
    return BuiltFile(path.suffix, path.read_bytes(), headers, coded)


def built_files(directory: Path) -> dict[str, Path]:
    """What a build left in a directory, by name, but for hidden files and what stands beside one in a coding."""
    found = {path.relative_to(directory).as_posix(): path for path in directory.rglob("*") if path.is_file()}
    return {
        name: path
        for name, path in sorted(found.items())
        if not any(part.startswith(".") for part in name.split("/"))
        and not (path.suffix in _CODINGS.values() and name.removesuffix(path.suffix) in found)
    }


def _has(head: Headers, etag: str) -> bool:
    """Whether the browser says that it has this (RFC 9110, section 13.1.2)."""
    said = [tag.strip().removeprefix("W/") for tag in ",".join(head.all(b"if-none-match")).split(",")]
    return etag in said or said == ["*"]


def _taken(accept_encoding: str) -> dict[str, bool]:
    """Whether a client takes each coding that it speaks of (RFC 9110, section 12.5.3)."""
    said = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameter = part.partition(";")
        said[coding.strip()] = not _NEVER.fullmatch(parameter.strip().removeprefix("q="))
    return {coding: said.get(coding, said.get("*", False)) for coding in _CODINGS}
