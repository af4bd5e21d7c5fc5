"""What is shown to browsers by the settings: the screens, and GraphiQL."""

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
    """What is shown, and the documents by which it calls, by their ids."""

    graphiql: GraphiQL | None
    screens: Screens | None

    @property
    def documents(self) -> Mapping[str, str]:
        """The documents of the screens; none where they are not served."""
        return self.screens.documents if self.screens else {}

    def routes(self) -> list[BaseRoute]:
        """Where it is."""
        return [route for page in (self.graphiql, self.screens) if page for route in page.routes()]


def open_pages(settings: Settings, demo_login: Sequence[BaseRoute], screens: Path = SCREENS) -> Pages:
    """What is shown. With `demo_login` one chooses who one is; `screens` is where they are built."""
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
    """How one logs in, for the page; without an issuer and an id there it says that this was not set up."""
    if not (settings.oidc_issuer and settings.oidc_client_id):
        return {"login": None}
    return {
        "login": "oidc",
        "issuer": settings.oidc_issuer,
        "clientId": settings.oidc_client_id,
        "scope": settings.oidc_scope,
    }


def _theme(settings: Settings) -> bytes:
    """A municipality's own theme; an empty one where it has none, since the page asks for it in any case."""
    try:
        return settings.screens_theme.read_bytes() if settings.screens_theme else b""
    except OSError as error:
        raise SettingsWrong(
            f"OVERDRACHT_SCREENS_THEME: {settings.screens_theme} cannot be read: {error.strerror}."
        ) from None


def _connects(settings: Settings) -> tuple[str, ...]:
    """The origins that are asked for a login: the issuer's, and those that are named beside it."""
    issuer = httpx.URL(settings.oidc_issuer or "")
    named = (f"{issuer.scheme}://{issuer.netloc.decode()}", *settings.oidc_origins)
    # In the form of an origin nothing can stand that means something else in a policy.
    return tuple(dict.fromkeys(origin for name in named if (origin := origin_of(name)) is not None))
