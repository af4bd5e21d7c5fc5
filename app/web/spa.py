"""The screens (desk, inbox and wall): a single-page application, with all its files."""

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
"""The directory of the built screens: `index.html`, `documents.json` (GraphQL documents by id) and other files."""

FILES_PATH = "/screens"
CONFIG_PATH = "/config.json"
THEME_PATH = "/thema.css"

PAGE_PATHS = (
    "/",
    "/aanmelden",
    # The issuer redirects the user to this one after the login.
    "/aangemeld",
    "/klantcontactcentrum",
    "/postvak",
    "/postvak/{id}",
    "/wand",
    "/wand/{id}",
)
"""The paths of the application; each serves the same page."""

_PAGE, _DOCUMENTS, _NAMED_BY_CONTENT = "index.html", "documents.json", "assets/"


class Screens:
    """The screens, from the directory where they were built. If they were not built, that is logged and nothing is
    served.

    `page_settings` is the configuration that the page loads at its start, such as how to log in. `connects` are
    origins that it may call beside its own, `theme` is a style sheet that it loads beside its own. Raises
    `ManifestUnusable` if the GraphQL documents of the screens cannot be read.
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
        """The routes of the page and its files, as they are now: files added later are not found."""
        if not self.are_built:
            return []
        revalidated = self._headers | {"cache-control": ASK_AGAIN}
        page = read_built(self._built / _PAGE, revalidated)
        return [
            *(Route(path, page, methods=["GET"]) for path in PAGE_PATHS),
            Route(CONFIG_PATH, self._config, methods=["GET"]),
            Route(THEME_PATH, BuiltFile(".css", self._theme, revalidated), methods=["GET"]),
            *(
                Route(f"{FILES_PATH}/{name}", self._file(name, path), methods=["GET"])
                for name, path in built_files(self._built).items()
                if name not in (_PAGE, _DOCUMENTS)
            ),
        ]

    def _file(self, name: str, path: Path) -> BuiltFile:
        cache_control = FOR_EVER if name.startswith(_NAMED_BY_CONTENT) else ASK_AGAIN
        return read_built(path, self._headers | {"cache-control": cache_control})

    async def _config(self, _: Request) -> JSONResponse:
        return JSONResponse(self._page_settings)


def are_built(built: Path = SCREENS) -> bool:
    """Whether a directory holds the built screens: the page and its documents."""
    return (built / _PAGE).is_file() and (built / _DOCUMENTS).is_file()
