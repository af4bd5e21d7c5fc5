"""Who is calling over a transport: from an Authorization value to the contexts of his operations."""

import logging

from graphql import GraphQLError

from app.access.tokens import TokenReader, TokenRefused
from app.api.context import Context, UseCases
from app.api.errors import Code, refused
from app.api.transport.ports import Call
from app.domain.organisation import Claims, LoginGeweigerd
from app.domain.rights import Login
from app.service.logins import Logins
from app.service.organisation import seconds_now

log = logging.getLogger(__name__)


class Session:
    """A logged-in caller, with the rights that he had when he was let in."""

    def __init__(self, authenticator: "Authenticator", claims: Claims, login: Login) -> None:
        self._authenticator = authenticator
        self._claims = claims
        self._login = login

    @property
    def is_expired(self) -> bool:
        """Whether the token he came in with is no longer valid."""
        return self._claims.verloopt <= seconds_now()

    async def renewed(self) -> "Session":
        """The same caller as he stands now: rights follow the record. Raises NIET_AANGEMELD where he lost them."""
        if self.is_expired:
            raise not_logged_in()
        return await self._authenticator.let_in(self._claims)

    def open_context(self, call: Call) -> Context:
        """A fresh context for one operation."""
        return Context(self._authenticator.use_cases, self._login.scope, self._login, call)


class Authenticator:
    """Lets a caller in, or raises a GraphQL error with NIET_AANGEMELD. The log says why, and names nobody."""

    def __init__(self, tokens: TokenReader, logins: Logins, use_cases: UseCases) -> None:
        self._tokens = tokens
        self._logins = logins
        self.use_cases = use_cases

    async def __call__(self, authorization: object) -> Session:
        """The session of a value of the form `Bearer <JWT>`."""
        try:
            claims = self._tokens.read(_bearer(authorization))
        except TokenRefused as error:
            log.info("a token was refused: %s", error)
            raise not_logged_in() from None
        return await self.let_in(claims)

    async def let_in(self, claims: Claims) -> Session:
        """The session of verified claims."""
        try:
            return Session(self, claims, await self._logins(claims))
        except LoginGeweigerd as error:
            self.use_cases.verwerkingenlog.login_refused(claims.medewerker_id)
            log.info("a login was refused: %s", error)
            raise not_logged_in() from None


def not_logged_in() -> GraphQLError:
    """What a caller gets who is not let in, whatever the reason."""
    return refused(Code.NIET_AANGEMELD, "U bent niet aangemeld, of uw aanmelding geldt niet (meer).")


def _bearer(authorization: object) -> str:
    scheme, _, token = authorization.partition(" ") if isinstance(authorization, str) else ("", "", "")
    if scheme.lower() != "bearer" or not token.strip().isascii():
        raise TokenRefused("no bearer token")
    return token.strip()
