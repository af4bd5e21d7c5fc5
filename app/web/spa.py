"""The screens: the desk, the inbox and the wall, a single-page application with everything that it loads."""

import logging
from collections.abc import Collection, Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from app.transport.execution.manifest import read_manifest
from app.web.built import ASK_AGAIN, FOR_EVER, STATIC, BuiltFile, built_files, read_built
from app.web.policy import policy

log = logging.getLogger(__name__)

SCREENS = STATIC / "screens"
"""Where the screens are built: `index.html`, their documents by id, what is loaded."""

FILES_PATH = "/screens"
CONFIG_PATH = "/config.json"
THEME_PATH = "/thema.css"

PAGE_PATHS = (
    "/",
    "/aanmelden",
    # Where an issuer sends back who logged in.
    "/aangemeld",
    "/klantcontactcentrum",
    "/postvak",
    "/postvak/{id}",
    "/wand",
    "/wand/{id}",
)
"""The addresses within the application: the same page stands at each."""

_PAGE, _DOCUMENTS, _NAMED_BY_CONTENT = "index.html", "documents.json", "assets/"


class Screens:
    """The screens as they were built in a directory. Where they were not that is logged, and nothing is served.

    `page_settings` is what the page asks at its start: how one logs in. `connects` are origins that it may call
    beside its own, `theme` is a style sheet that it loads beside its own. `ManifestUnusable` says what is wrong
    with the documents by which it calls.
    """

    def __init__(
        self, built: Path, page_settings: Mapping[str, object], connects: Collection[str], theme: bytes
    ) -> None:
        self.are_built = are_built(built)
        self._page_settings = dict(page_settings)
        self._built = built
        self._theme = theme
        self._headers = policy({"media-src": "'self'", "connect-src": " ".join(("'self'", *connects))})
        self.documents = read_manifest(built / _DOCUMENTS) if self.are_built else {}
        if not self.are_built:
            log.warning("the screens were not built, so they are not served: scripts/setup builds them")

    def routes(self) -> list[BaseRoute]:
        """Where the page and its files are. Whatever was not there at the start is not found."""
        if not self.are_built:
            return []
        asked_about = self._headers | {"cache-control": ASK_AGAIN}
        page = read_built(self._built / _PAGE, asked_about)
        return [
            *(Route(path, page, methods=["GET"]) for path in PAGE_PATHS),
            Route(CONFIG_PATH, self._config, methods=["GET"]),
            Route(THEME_PATH, BuiltFile(".css", self._theme, asked_about), methods=["GET"]),
            *(
                Route(f"{FILES_PATH}/{name}", self._file(name, path), methods=["GET"])
                for name, path in built_files(self._built).items()
                if name not in (_PAGE, _DOCUMENTS)
            ),
        ]

    def _file(self, name: str, path: Path) -> BuiltFile:
        keeping = FOR_EVER if name.startswith(_NAMED_BY_CONTENT) else ASK_AGAIN
        return read_built(path, self._headers | {"cache-control": keeping})

    async def _config(self, _: Request) -> JSONResponse:
        return JSONResponse(self._page_settings)


def are_built(built: Path = SCREENS) -> bool:
    """Whether the screens stand in a directory, the page as well as its documents."""
    return (built / _PAGE).is_file() and (built / _DOCUMENTS).is_file()
