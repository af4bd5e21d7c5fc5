"""Who is calling over a transport: from an Authorization value to the contexts of his operations."""

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
    """A logged-in caller, with the rights that he had when he was let in. Valid until a moment: seconds since 1970.

    His token let him in; as long as it is valid his rights follow his record, whatever the token says of them.
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
        """What he may see."""
        return self._login.scope

    @property
    def seconds_left(self) -> float:
        """How long the token he came in with is still valid."""
        return max(self._valid_until - time(), 0)

    @property
    def is_expired(self) -> bool:
        """Whether the token he came in with is no longer valid."""
        return self.seconds_left == 0

    async def renewed(self) -> "Session":
        """The same caller as he stands now: rights follow the record. Raises NIET_AANGEMELD where he lost them."""
        if self.is_expired:
            raise not_logged_in()
        return self._with(await self._authenticator.current(self.caller))

    def watch(self, heard: Callable[["Session | None"], None]) -> Callable[[], None]:
        """Have a function called when his rights change, until what is returned is called."""

        def changed(record: Dienstverband) -> None:
            try:
                heard(self._with(record.login()))
            except LoginGeweigerd:
                heard(None)

        return self._authenticator.watch(self.caller, changed)

    def open_context(self, call: Call) -> Context:
        """A fresh context for one operation."""
        return Context(self._authenticator.use_cases, self._login.scope, self._login, call)

    def _with(self, login: Login) -> "Session":
        return self if login == self._login else Session(self._authenticator, login, self._valid_until)


class Authenticator:
    """Lets a caller in, or raises a GraphQL error with NIET_AANGEMELD. The log says why, and names nobody.

    `refused` is told why as well: one of a few reasons, never with anything of the token.
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
        """The session of a value of the form `Bearer <JWT>`."""
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
        """The login of somebody who was let in before, as he stands now."""
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
