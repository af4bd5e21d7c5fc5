"""Who is calling over a transport: from an Authorization value to the contexts of his operations."""

import logging

from graphql import GraphQLError

from app.access.tokens import TokenReader, TokenRefused
from app.api.context import Context, UseCases
from app.api.errors import Code, refused
from app.domain.organisation import LoginGeweigerd
from app.domain.rights import Login
from app.service.logins import Logins

log = logging.getLogger(__name__)


class Session:
    """A logged-in caller. `expires` is when his token does, in seconds since 1970."""

    def __init__(self, use_cases: UseCases, login: Login, expires: int) -> None:
        self._use_cases = use_cases
        self._login = login
        self.expires = expires

    def open_context(self) -> Context:
        """A fresh context for one operation."""
        return Context(self._use_cases, self._login.scope, self._login)


class Authenticator:
    """Lets a caller in, or raises a GraphQL error with NIET_AANGEMELD. The log says why, and names nobody."""

    def __init__(self, tokens: TokenReader, logins: Logins, use_cases: UseCases) -> None:
        self._tokens = tokens
        self._logins = logins
        self._use_cases = use_cases

    async def __call__(self, authorization: object) -> Session:
        """The session of a value of the form `Bearer <JWT>`."""
        try:
            claims = self._tokens.read(_bearer(authorization))
            login = await self._logins(claims)
        except (TokenRefused, LoginGeweigerd) as error:
            log.info("a login was refused: %s", error)
            raise not_logged_in() from None
        return Session(self._use_cases, login, claims.verloopt)


def not_logged_in() -> GraphQLError:
    """What a caller gets who is not let in, whatever the reason."""
    return refused(Code.NIET_AANGEMELD, "U bent niet aangemeld, of uw aanmelding geldt niet (meer).")


def _bearer(authorization: object) -> str:
    scheme, _, token = authorization.partition(" ") if isinstance(authorization, str) else ("", "", "")
    if scheme.lower() != "bearer" or not token.strip().isascii():
        raise TokenRefused("no bearer token")
    return token.strip()
