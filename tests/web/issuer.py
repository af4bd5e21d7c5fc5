"""A fake issuer of OpenID Connect: code flow with PKCE, and optional refresh tokens."""

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
    """An issuer at which the employee `who` is already logged in: it redirects back at once, with a code.

    Tokens are valid for `valid_seconds`. `gives_refresh_tokens` adds refresh tokens. `refused` has the
    reasons of its refusals.
    """

    def __init__(self, keys: Mapping[str, tuple[Any, str]], who: Person) -> None:
        super().__init__(keys)
        self.who = who
        self.valid_seconds = 3600
        self.gives_refresh_tokens = False
        self.stolen: list[str] | None = None
        """If a list, the issuer adds the redirect with the code to it, and shows a page instead."""
        self.refused: list[str] = []
        self._codes: dict[str, Mapping[str, str]] = {}
        self._refresh_tokens: set[str] = set()
        self._pages = CORSMiddleware(self._page, allow_origins=["*"], allow_headers=["*"])

    def discovery(self, **more: Any) -> JSONResponse:
        """The discovery document with the endpoints that a page needs."""
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
            answer: ASGIApp = self._redirect(request.query_params)
        elif path == TOKEN:
            answer = self._exchange(dict(parse_qsl((await request.body()).decode())))
        elif path == LOGOUT:
            answer = RedirectResponse(request.query_params["post_logout_redirect_uri"], 302)
        else:
            answer = super()._answer(path)
        await answer(scope, receive, send)

    def _redirect(self, params: Mapping[str, str]) -> Response:
        if params["client_id"] != CLIENT or params["code_challenge_method"] != "S256":
            return self._refuse("not by code with PKCE")
        code = secrets.token_urlsafe()
        self._codes[code] = dict(params)
        back = f"{params['redirect_uri']}?{urlencode({'code': code, 'state': params['state']})}"
        if self.stolen is not None:
            self.stolen.append(back)
            return HTMLResponse('<link rel="icon" href="data:,">')
        return RedirectResponse(back, 302)

    def _exchange(self, params: Mapping[str, str]) -> Response:
        if params["grant_type"] == "refresh_token":
            if params["refresh_token"] not in self._refresh_tokens:
                return self._refuse("a refresh token that it does not know")
            self._refresh_tokens.remove(params["refresh_token"])
            return self._tokens({})
        # A code can be used only once.
        request = self._codes.pop(params["code"], None)
        if request is None or request["redirect_uri"] != params["redirect_uri"]:
            return self._refuse("a code that it did not give")
        if request["code_challenge"] != _challenge(params["code_verifier"]):
            return self._refuse("who asks is not who began")
        return self._tokens({"nonce": request["nonce"]} if "nonce" in request else {})

    def _tokens(self, in_id_token: Mapping[str, str]) -> Response:
        now = int(time.time())
        validity = {"iat": now, "exp": now + self.valid_seconds}
        kid = next(iter(self.keys))
        given: dict[str, Any] = {
            "access_token": self.token(self.who, kid, **validity),
            "id_token": self.token(self.who, kid, aud=CLIENT, **validity, **in_id_token),
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
