"""GraphiQL, the page for trying documents, with everything that it loads: municipal networks are closed."""

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
"""Where it is built: `graphiql.html`, and what it loads in a directory of its name."""

GRAPHIQL_PATH = "/graphiql"

_POLICY = policy(
    {
        "worker-src": "'self'",
        # The editor, Monaco, makes style elements of its theme and writes style attributes into lines: without this
        # its text has one colour, and stands where it should not. It takes no nonce, and attributes can have none.
        "style-src": "'self' 'unsafe-inline'",
        "font-src": "'self' data:",
    }
)


class GraphiQL:
    """The page, as an application. Where it was not built that is logged, and the answer is 404."""

    def __init__(self, built: Path = BUILT) -> None:
        self._built = built
        page = built / "graphiql.html"
        self._html = page.read_text() if page.is_file() else None
        if self._html is None:
            log.warning("GraphiQL was not built, so it is not served: scripts/setup builds it")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Show the page."""
        await self._page()(scope, receive, send)

    def _page(self) -> Response:
        if self._html is None:
            return PlainTextResponse("GraphiQL was not built.", 404)
        return InPieces(self._html, media_type="text/html", headers=_POLICY | {"vary": "accept"})

    def routes(self) -> list[BaseRoute]:
        """Where the page and its files are."""
        files = _Files(directory=self._built / "graphiql", check_dir=False)
        return [Route(GRAPHIQL_PATH, self, methods=["GET"]), Mount(GRAPHIQL_PATH, files)]


class _Files(StaticFiles):
    """Files with a name for each content, so that they are asked once."""

    def file_response(self, *args: Any, **more: Any) -> Response:
        """A file. Scripts of workers have a policy of their own: it is the page's."""
        response = super().file_response(*args, **more)
        response.headers["cache-control"] = FOR_EVER
        response.headers.update(_POLICY)
        return response
