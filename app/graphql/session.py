"""The caller of a transport: from an Authorization value to the contexts of their operations."""

import logging
from collections.abc import Callable
from time import time

from graphql import GraphQLError

from app.access.claims import TokenRefused
from app.access.tokens import TokenReader
from app.domain.organisation import Dienstverband, LoginGeweigerd
from app.domain.rights import Login, Scope
from app.graphql.context import Context, UseCases
from app.graphql.errors import not_logged_in
from app.service.logins import Logins
from app.service.rights_watch import RightsWatch
from app.transport.ports import Call

log = logging.getLogger(__name__)


class Session:
    """A logged-in caller with their rights at that moment. `valid_until` is in seconds since 1970.

    The session lasts as long as the token is valid. Within that time the caller's rights follow their record in the
    database, whatever the token says.
    """

    __slots__ = ("_authenticator", "_login", "_valid_until")

    def __init__(self, authenticator: "Authenticator", login: Login, valid_until: float) -> None:
        self._authenticator = authenticator
        self._login = login
        self._valid_until = valid_until

    @property
    def caller(self) -> str:
        """The employee's id."""
        return self._login.medewerker_id

    @property
    def scope(self) -> Scope:
        """What the caller may see."""
        return self._login.scope

    @property
    def seconds_left(self) -> float:
        """How many seconds the token is still valid; 0 if it has expired."""
        return max(self._valid_until - time(), 0)

    @property
    def is_expired(self) -> bool:
        """Whether the token is no longer valid."""
        return self.seconds_left == 0

    async def renewed(self) -> "Session":
        """The session of the same caller with their current rights. Raises NIET_AANGEMELD if they have none."""
        if self.is_expired:
            raise not_logged_in()
        return self._with(await self._authenticator.current(self.caller))

    def watch(self, callback: Callable[["Session | None"], None]) -> Callable[[], None]:
        """Call `callback` when the caller's rights change: with their new session, or None if they have no rights.

        The returned function ends this.
        """

        def changed(record: Dienstverband) -> None:
            try:
                callback(self._with(record.login()))
            except LoginGeweigerd:
                callback(None)

        return self._authenticator.watch(self.caller, changed)

    def open_context(self, call: Call) -> Context:
        """A new context for one operation."""
        return Context(self._authenticator.use_cases, self._login.scope, self._login, call)

    def _with(self, login: Login) -> "Session":
        return self if login == self._login else Session(self._authenticator, login, self._valid_until)


class Authenticator:
    """Opens sessions. Raises a GraphQL error with NIET_AANGEMELD if the token or login is refused.

    The log has the reason but names no person. The callback `refused` gets the reason as well: one of a few texts,
    never with any part of the token.
    """

    def __init__(
        self,
        tokens: TokenReader,
        logins: Logins,
        current: RightsWatch,
        use_cases: UseCases,
        refused: Callable[[str], None] = lambda reason: None,
    ) -> None:
        self._tokens = tokens
        self._logins = logins
        self._refused = refused
        self.use_cases = use_cases
        self.watch = current.watch

    async def __call__(self, authorization: object) -> Session:
        """Open the session for an Authorization value, `Bearer <JWT>`."""
        try:
            claims = await self._tokens.read(_bearer(authorization))
        except TokenRefused as error:
            log.info("a token was refused: %s", error)
            self._refused(str(error))
            raise not_logged_in() from None
        try:
            login = await self._logins(claims)
        except LoginGeweigerd as error:
            raise self._login_refused(claims.medewerker_id, error) from None
        return Session(self, login, claims.eindigt)

    async def current(self, medewerker_id: str) -> Login:
        """The current login of an employee who logged in before."""
        try:
            return await self._logins.current(medewerker_id)
        except LoginGeweigerd as error:
            raise self._login_refused(medewerker_id, error) from None

    def _login_refused(self, medewerker_id: str, error: LoginGeweigerd) -> GraphQLError:
        log.info("a login was refused: %s", error)
        self._refused(str(error))
        self.use_cases.verwerkingenlog.login_refused(medewerker_id)
        return not_logged_in()


def _bearer(authorization: object) -> str:
    scheme, _, token = authorization.partition(" ") if isinstance(authorization, str) else ("", "", "")
    if scheme.lower() != "bearer" or not token.strip().isascii():
        raise TokenRefused("no bearer token")
    return token.strip()
