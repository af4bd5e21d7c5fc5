"""GraphiQL, the page to try operations, with all its files: municipal networks are closed."""

import logging
from pathlib import Path
from typing import Any

from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from app.web.built import FOR_EVER, STATIC, InPieces
from app.web.policy import policy

log = logging.getLogger(__name__)

BUILT = STATIC / "graphiql"
"""The directory of the built page: `graphiql.html`, and its files in the subdirectory `graphiql`."""

GRAPHIQL_PATH = "/graphiql"

_POLICY = policy(
    {
        "worker-src": "'self'",
        # The editor, Monaco, creates style elements for its theme and sets style attributes on lines: without this
        # its text has one colour, and is in the wrong place. It supports no nonce, and attributes cannot have one.
        "style-src": "'self' 'unsafe-inline'",
        "font-src": "'self' data:",
    }
)


class GraphiQL:
    """The page, as an ASGI application. If it was not built, that is logged, and the response is 404."""

    def __init__(self, built: Path = BUILT) -> None:
        self._built = built
        page = built / "graphiql.html"
        self._html = page.read_text() if page.is_file() else None
        if self._html is None:
            log.warning("GraphiQL was not built, so it is not served: scripts/setup builds it")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the page."""
        await self._page()(scope, receive, send)

    def _page(self) -> Response:
        if self._html is None:
            return PlainTextResponse("GraphiQL was not built.", 404)
        return InPieces(self._html, media_type="text/html", headers=_POLICY | {"vary": "accept"})

    def routes(self) -> list[BaseRoute]:
        """The routes of the page and its files."""
        files = _Files(directory=self._built / "graphiql", check_dir=False)
        return [Route(GRAPHIQL_PATH, self, methods=["GET"]), Mount(GRAPHIQL_PATH, files)]


class _Files(StaticFiles):
    """Files whose names have a hash of their content, so that browsers request them once."""

    def file_response(self, *args: Any, **more: Any) -> Response:
        """The response with a file. It has the page's policy: browsers apply that of its own response to a
        worker.
        """
        response = super().file_response(*args, **more)
        response.headers["cache-control"] = FOR_EVER
        response.headers.update(_POLICY)
        return response
