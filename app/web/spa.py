"""Serves the screens: the desk, the inbox and the wall are one single-page application."""

import logging
from collections.abc import Collection, Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from app.transport.execution.manifest import read_manifest
from app.web.built import IMMUTABLE, REVALIDATE, STATIC, BuiltFile, built_files, read_built
from app.web.policy import policy

log = logging.getLogger(__name__)

SCREENS = STATIC / "screens"
"""The build of the screens: `index.html`, their GraphQL documents by id, and their files."""

FILES_PATH = "/screens"
CONFIG_PATH = "/config.json"
THEME_PATH = "/thema.css"

PAGE_PATHS = (
    "/",
    "/aanmelden",
    # The issuer redirects the browser here after a login.
    "/aangemeld",
    "/klantcontactcentrum",
    "/postvak",
    "/postvak/{id}",
    "/wand",
    "/wand/{id}",
)
"""The paths within the application. Each of them serves the same page."""

_PAGE, _DOCUMENTS, _NAMED_BY_CONTENT = "index.html", "documents.json", "assets/"


class Screens:
    """Serves the screens from a build. Without a build it logs a warning and serves nothing.

    `config` is the configuration that the page reads when it starts, such as how employees log in. `connects` are
    further origins that it may call. `theme` is a style sheet that it loads after its own.

    Raises `ManifestUnusable` for an error in the documents of the build.
    """

    def __init__(self, built: Path, config: Mapping[str, object], connects: Collection[str], theme: bytes) -> None:
        self.are_built = are_built(built)
        self._config = dict(config)
        self._built = built
        self._theme = theme
        self._headers = policy({"media-src": "'self'", "connect-src": " ".join(("'self'", *connects))})
        self.documents = read_manifest(built / _DOCUMENTS) if self.are_built else {}
        if not self.are_built:
            log.warning("the screens were not built, so they are not served: scripts/setup builds them")

    def routes(self) -> list[BaseRoute]:
        """The routes of the page and its files. Files that are added after the start are not served."""
        if not self.are_built:
            return []
        revalidated = self._headers | {"cache-control": REVALIDATE}
        page = read_built(self._built / _PAGE, revalidated)
        return [
            *(Route(path, page, methods=["GET"]) for path in PAGE_PATHS),
            Route(CONFIG_PATH, self._send_config, methods=["GET"]),
            Route(THEME_PATH, BuiltFile(".css", self._theme, revalidated), methods=["GET"]),
            *(
                Route(f"{FILES_PATH}/{name}", self._file(name, path), methods=["GET"])
                for name, path in built_files(self._built).items()
                if name not in (_PAGE, _DOCUMENTS)
            ),
        ]

    def _file(self, name: str, path: Path) -> BuiltFile:
        cache_control = IMMUTABLE if name.startswith(_NAMED_BY_CONTENT) else REVALIDATE
        return read_built(path, self._headers | {"cache-control": cache_control})

    async def _send_config(self, _: Request) -> JSONResponse:
        return JSONResponse(self._config)


def are_built(built: Path = SCREENS) -> bool:
    """Whether a directory has a build of the screens: the page and its documents."""
    return (built / _PAGE).is_file() and (built / _DOCUMENTS).is_file()
