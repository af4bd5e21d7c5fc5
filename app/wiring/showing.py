"""The pages for browsers, as the settings say: the screens and GraphiQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
from starlette.routing import BaseRoute

from app.settings import Settings, SettingsWrong
from app.transport.execution.manifest import ManifestUnusable
from app.transport.http.request_headers import origin_of
from app.web.pages import GraphiQL
from app.web.spa import SCREENS, Screens


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages that are served; None for those that are not."""

    graphiql: GraphiQL | None
    screens: Screens | None

    @property
    def documents(self) -> Mapping[str, str]:
        """The GraphQL documents of the screens, by id; empty if the screens are not served."""
        return self.screens.documents if self.screens else {}

    def routes(self) -> list[BaseRoute]:
        """The routes of the pages and their files."""
        return [route for page in (self.graphiql, self.screens) if page for route in page.routes()]


def open_pages(settings: Settings, demo_login: Sequence[BaseRoute], screens: Path = SCREENS) -> Pages:
    """Create the pages. With `demo_login` users choose an identity instead of logging in; `screens` is the
    directory of the built screens. Raises `SettingsWrong` if their documents or the theme cannot be read.
    """
    graphiql = GraphiQL() if settings.graphiql else None
    if not settings.screens:
        return Pages(graphiql, None)
    login = {"login": "demo"} if demo_login else _login(settings)
    page_settings = {**login, "graphiql": settings.graphiql}
    connects = _connects(settings) if "issuer" in login else ()
    try:
        return Pages(graphiql, Screens(screens, page_settings, connects, _theme(settings)))
    except ManifestUnusable as error:
        raise SettingsWrong(f"OVERDRACHT_SCREENS: {error}; scripts/setup builds it.") from None


def _login(settings: Settings) -> dict[str, str | None]:
    """How users log in, for the page's configuration. Without an issuer and a client id the login is None, and the
    page says that logging in is not configured.
    """
    if not (settings.oidc_issuer and settings.oidc_client_id):
        return {"login": None}
    return {
        "login": "oidc",
        "issuer": settings.oidc_issuer,
        "clientId": settings.oidc_client_id,
        "scope": settings.oidc_scope,
    }


def _theme(settings: Settings) -> bytes:
    """The municipality's own style sheet; empty if there is none, because the page always requests it."""
    try:
        return settings.screens_theme.read_bytes() if settings.screens_theme else b""
    except OSError as error:
        raise SettingsWrong(
            f"OVERDRACHT_SCREENS_THEME: {settings.screens_theme} cannot be read: {error.strerror}."
        ) from None


def _connects(settings: Settings) -> tuple[str, ...]:
    """The origins that the page may call to log in: the issuer's, and those configured beside it."""
    issuer = httpx.URL(settings.oidc_issuer or "")
    named = (f"{issuer.scheme}://{issuer.netloc.decode()}", *settings.oidc_origins)
    # `origin_of` accepts only origins, so no value can inject another directive into the policy.
    return tuple(dict.fromkeys(origin for name in named if (origin := origin_of(name)) is not None))
