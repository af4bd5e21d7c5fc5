"""An issuer at which one logs in: OpenID Connect's code flow with PKCE, and refresh tokens where it gives them."""

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.support.issuer import LocalIssuer
from tests.support.people import Person

CLIENT = "overdracht-schermen"
REALM = "/realms/gemeente"
AUTHORIZE, TOKEN, LOGOUT = f"{REALM}/auth", f"{REALM}/token", f"{REALM}/logout"


class LoginIssuer(LocalIssuer):
    """An issuer at which `who` is logged in already: who is sent to it is sent back at once, with a code.

    Tokens are valid for `valid_seconds`. It gives refresh tokens if told so. What it refused is in `refused`.
    """

    def __init__(self, keys: Mapping[str, tuple[Any, str]], who: Person) -> None:
        super().__init__(keys)
        self.who = who
        self.valid_seconds = 3600
        self.gives_refresh_tokens = False
        self.stolen: list[str] | None = None
        """Where it would have sent back who came, while nobody gets there: a list that was put here."""
        self.refused: list[str] = []
        self._codes: dict[str, Mapping[str, str]] = {}
        self._refresh_tokens: set[str] = set()
        self._pages = CORSMiddleware(self._page, allow_origins=["*"], allow_headers=["*"])

    def discovery(self, **more: Any) -> JSONResponse:
        """Its discovery document, with what a page needs beside the keys."""
        return super().discovery(
            **{
                "authorization_endpoint": self.url + AUTHORIZE,
                "token_endpoint": self.url + TOKEN,
                "end_session_endpoint": self.url + LOGOUT,
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
            }
            | more
        )

    def _answer(self, path: str) -> ASGIApp:
        return self._pages

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path = scope["path"]
        if path == AUTHORIZE:
            answer: ASGIApp = self._send_back(request.query_params)
        elif path == TOKEN:
            answer = self._give(dict(parse_qsl((await request.body()).decode())))
        elif path == LOGOUT:
            answer = RedirectResponse(request.query_params["post_logout_redirect_uri"], 302)
        else:
            answer = super()._answer(path)
        await answer(scope, receive, send)

    def _send_back(self, asked: Mapping[str, str]) -> Response:
        if asked["client_id"] != CLIENT or asked["code_challenge_method"] != "S256":
            return self._refuse("not by code with PKCE")
        code = secrets.token_urlsafe()
        self._codes[code] = dict(asked)
        back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        if self.stolen is not None:
            self.stolen.append(back)
            return HTMLResponse('<link rel="icon" href="data:,">')
        return RedirectResponse(back, 302)

    def _give(self, asked: Mapping[str, str]) -> Response:
        if asked["grant_type"] == "refresh_token":
            if asked["refresh_token"] not in self._refresh_tokens:
                return self._refuse("a refresh token that it does not know")
            self._refresh_tokens.remove(asked["refresh_token"])
            return self._tokens({})
        # A code is good for once.
        begun = self._codes.pop(asked["code"], None)
        if begun is None or begun["redirect_uri"] != asked["redirect_uri"]:
            return self._refuse("a code that it did not give")
        if begun["code_challenge"] != _challenge(asked["code_verifier"]):
            return self._refuse("who asks is not who began")
        return self._tokens({"nonce": begun["nonce"]} if "nonce" in begun else {})

    def _tokens(self, in_id_token: Mapping[str, str]) -> Response:
        now = int(time.time())
        lasting = {"iat": now, "exp": now + self.valid_seconds}
        kid = next(iter(self.keys))
        given: dict[str, Any] = {
            "access_token": self.token(self.who, kid, **lasting),
            "id_token": self.token(self.who, kid, aud=CLIENT, **lasting, **in_id_token),
            "token_type": "Bearer",
            "expires_in": self.valid_seconds,
        }
        if self.gives_refresh_tokens:
            given["refresh_token"] = secrets.token_urlsafe()
            self._refresh_tokens.add(given["refresh_token"])
        return JSONResponse(given, headers={"cache-control": "no-store"})

    def _refuse(self, why: str) -> Response:
        self.refused.append(why)
        return JSONResponse({"error": "invalid_grant"}, 400)


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
