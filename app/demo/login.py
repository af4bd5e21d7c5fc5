"""Logging in to the demo: the user chooses which of its employees they are."""

from time import time

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from app.access.tokens import sign
from app.demo.people import EENHEDEN, MEDEWERKERS, DemoMedewerker
from app.settings import Settings
from app.transport.execution.request import NotJson, read_json
from app.transport.http.reading import is_json
from app.transport.http.request_headers import Headers, Origins
from app.wiring.login import token_rules

EMPLOYEES_PATH = "/demo/medewerkers"
TOKEN_PATH = "/demo/token"  # noqa: S105 - an address

_MOST_BYTES = 1_024
"""The maximum length of a request's body. One that names an employee has some forty bytes."""


class DemoLogin:
    """Serves the list of the demo's employees, and creates a token for any of them.

    It is for a server on loopback with fictitious data. Requests from web pages of other origins are refused by
    their Origin header; besides, browsers send JSON to another origin only after a preflight request (CORS).
    """

    def __init__(self, settings: Settings, *, valid_seconds: int = 8 * 3600) -> None:
        self._secret = settings.token_demo_key or ""
        self._rules = token_rules(settings)
        self._origins = Origins(settings.allowed_origins)
        self._valid_seconds = valid_seconds
        self._by_key = {medewerker.key: medewerker for medewerker in MEDEWERKERS}

    def routes(self) -> list[BaseRoute]:
        """The routes of the list and of the tokens."""
        return [
            Route(EMPLOYEES_PATH, self._employees, methods=["GET"]),
            Route(TOKEN_PATH, self._token, methods=["POST"]),
        ]

    def token(self, medewerker: DemoMedewerker, *, valid_seconds: int) -> str:
        """A token for an employee. Its claims are always the same, so that older tokens stay valid beside it."""
        claims = self._rules.names.as_claims(medewerker.id, medewerker.naam, medewerker.eenheden, [medewerker.rol])
        return sign(self._secret, self._rules, claims, valid_seconds=valid_seconds)

    async def _employees(self, _: Request) -> Response:
        return JSONResponse([_shown(medewerker) for medewerker in MEDEWERKERS])

    async def _token(self, request: Request) -> Response:
        headers = Headers(request.scope)
        if not self._origins.is_allowed(request.scope, headers):
            return PlainTextResponse("Pages of this origin may not call.", 403)
        if not is_json(headers.all(b"content-type")):
            return PlainTextResponse("Only application/json in UTF-8 is read.", 415)
        medewerker = self._by_key.get(await _read_key(request) or "")
        if medewerker is None:
            return PlainTextResponse('Send {"medewerker": …}, the key of one of the demo.', 400)
        # Before the token is created, so that the token is valid until this moment at least.
        expires = int(time()) + self._valid_seconds
        token = self.token(medewerker, valid_seconds=self._valid_seconds)
        return JSONResponse({"token": token, "verlooptOp": expires})


def _shown(medewerker: DemoMedewerker) -> dict[str, str]:
    """An employee in the list of the login page, with the names of their departments."""
    eenheden = [eenheid.naam for eenheid in EENHEDEN if eenheid.identificatie in medewerker.eenheden]
    return {
        "key": medewerker.key,
        "naam": medewerker.naam,
        "rol": medewerker.rol.value,
        "eenheid": " en ".join(eenheden),
    }


async def _read_key(request: Request) -> str | None:
    """The key of an employee in the body of a request; None if the body is too long or malformed."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            return None
    try:
        content = read_json(body)
    except NotJson:
        return None
    key = content.get("medewerker") if isinstance(content, dict) else None
    return key if isinstance(key, str) else None
