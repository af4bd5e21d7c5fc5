"""Serves GraphiQL, the page for trying queries, with all its files: municipal networks have no access to a CDN."""

import logging
from pathlib import Path
from typing import Any

from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from app.web.built import IMMUTABLE, STATIC, ChunkedResponse
from app.web.policy import policy

log = logging.getLogger(__name__)

BUILT = STATIC / "graphiql"
"""The build: `graphiql.html`, and its files in the folder `graphiql`."""

GRAPHIQL_PATH = "/graphiql"

_POLICY = policy(
    {
        "worker-src": "'self'",
        # Monaco, the editor, adds style elements for its theme and style attributes to its lines. Without this its
        # text has no colours and is misplaced. It supports no nonces, and style attributes cannot have any.
        "style-src": "'self' 'unsafe-inline'",
        "font-src": "'self' data:",
    }
)


class GraphiQL:
    """Serves the page as an ASGI application. Without a build it logs a warning and answers 404."""

    def __init__(self, built: Path = BUILT) -> None:
        self._built = built
        page = built / "graphiql.html"
        self._html = page.read_text() if page.is_file() else None
        if self._html is None:
            log.warning("GraphiQL was not built, so it is not served: scripts/setup builds it")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the page, or with 404 where it was not built."""
        await self._page()(scope, receive, send)

    def _page(self) -> Response:
        if self._html is None:
            return PlainTextResponse("GraphiQL was not built.", 404)
        return ChunkedResponse(self._html, media_type="text/html", headers=_POLICY | {"vary": "accept"})

    def routes(self) -> list[BaseRoute]:
        """The routes of the page and its files."""
        files = _Files(directory=self._built / "graphiql", check_dir=False)
        return [Route(GRAPHIQL_PATH, self, methods=["GET"]), Mount(GRAPHIQL_PATH, files)]


class _Files(StaticFiles):
    """Serves files whose names contain a hash of the content, so that browsers cache them."""

    def file_response(self, *args: Any, **more: Any) -> Response:
        """A response with cache headers and the page's policy: browsers apply it to the scripts of workers."""
        response = super().file_response(*args, **more)
        response.headers["cache-control"] = IMMUTABLE
        response.headers.update(_POLICY)
        return response
