"""Logging in to the demo: a visitor chooses which of its employees he is."""

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
"""How long a body may be. One that names an employee has some forty."""


class DemoLogin:
    """Says who there is, and makes whoever asks a token of one of them.

    It is for a server on loopback with made-up data. What a page of another origin has its browser ask is refused:
    Origin tells, and a body of JSON is not sent from elsewhere without asking first.
    """

    def __init__(self, settings: Settings, *, valid_seconds: int = 8 * 3600) -> None:
        self._secret = settings.token_demo_key or ""
        self._rules = token_rules(settings)
        self._origins = Origins(settings.allowed_origins)
        self._valid_seconds = valid_seconds
        self._by_key = {wie.key: wie for wie in MEDEWERKERS}

    def routes(self) -> list[BaseRoute]:
        """Where it is asked."""
        return [
            Route(EMPLOYEES_PATH, self._employees, methods=["GET"]),
            Route(TOKEN_PATH, self._token, methods=["POST"]),
        ]

    def token(self, wie: DemoMedewerker, *, valid_seconds: int) -> str:
        """A token of an employee. It says the same each time, so a new one is as good as the one before."""
        claims = self._rules.names.as_claims(wie.id, wie.naam, wie.eenheden, [wie.rol])
        return sign(self._secret, self._rules, claims, valid_seconds=valid_seconds)

    async def _employees(self, _: Request) -> Response:
        return JSONResponse([_shown(wie) for wie in MEDEWERKERS])

    async def _token(self, request: Request) -> Response:
        head = Headers(request.scope)
        if not self._origins.may_call(request.scope, head):
            return PlainTextResponse("Pages of this origin may not call.", 403)
        if not is_json(head.all(b"content-type")):
            return PlainTextResponse("Only application/json in UTF-8 is read.", 415)
        wie = self._by_key.get(await _named(request) or "")
        if wie is None:
            return PlainTextResponse('Send {"medewerker": …}, the key of one of the demo.', 400)
        # Reckoned before the token is made: it never outlives what is told of it.
        expires = int(time()) + self._valid_seconds
        return JSONResponse({"token": self.token(wie, valid_seconds=self._valid_seconds), "verlooptOp": expires})


def _shown(wie: DemoMedewerker) -> dict[str, str]:
    """An employee as he is offered to choose; his departments by name."""
    eenheden = [eenheid.naam for eenheid in EENHEDEN if eenheid.identificatie in wie.eenheden]
    return {"key": wie.key, "naam": wie.naam, "rol": wie.rol.value, "eenheid": " en ".join(eenheden)}


async def _named(request: Request) -> str | None:
    """The key in a body; None where it is none that can be read."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            return None
    try:
        asked = read_json(body)
    except NotJson:
        return None
    key = asked.get("medewerker") if isinstance(asked, dict) else None
    return key if isinstance(key, str) else None
