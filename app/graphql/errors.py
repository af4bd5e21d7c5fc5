"""GraphQL errors: their codes, and the function that formats an error for a client.

A refusal of a mutation by a business rule is not an error: it is a member of the result type (`results.py`).
"""

import logging
import uuid
from enum import StrEnum
from typing import Any

from graphql import GraphQLError, GraphQLFormattedError

from app.common.outage import OutcomeUnknown, Transient
from app.domain.finding.search import ZoektekstOngeldig
from app.domain.organisation import LoginGeweigerd
from app.domain.refusals import NietBevoegd
from app.domain.streams import CursorOngeldig, CursorVerlopen
from app.graphql.arguments import argument_of
from app.logs.redacted import Redacted
from app.transport.execution.documents import DocumentUnknown
from app.transport.limits import AnswerTooLarge, DeedTimedOut, Limit, LimitReached

log = logging.getLogger(__name__)


_LIMITS = {
    Limit.TOKENS: "het aantal tokens van een document",
    Limit.CHARACTERS: "het aantal tekens van een document",
    Limit.LINES: "het aantal regels van een document",
    Limit.NAME: "het aantal tekens van een naam",
    Limit.DEPTH: "de diepte van een document of van variabelen",
    Limit.ALIASES: "het aantal aliassen in een document",
    Limit.DIRECTIVES: "het aantal directives in een document",
    Limit.LIST_ITEMS: "het aantal elementen van een lijst",
    Limit.VALUES: "het aantal waarden in de variabelen",
    Limit.COST: "het aantal velden in een antwoord, berekend vooraf,",
    Limit.COMPARISONS: "het aantal vergelijkingen van velden die samenvallen",
    Limit.OPERATIONS: "het aantal lopende operaties op een verbinding",
    Limit.CONNECTIONS: "het aantal open verbindingen",
    Limit.BODY: "de lengte van een verzoek in bytes",
    Limit.URL: "de lengte van een URL in bytes",
    Limit.SECONDS: "de duur van een operatie in seconden",
    Limit.ANSWER: "de lengte van een antwoord in bytes",
}


_PERHAPS_DONE = "Het is niet zeker of dit is opgeslagen. Kijk het na voordat u het opnieuw doet."

_MAX_MESSAGE = 1_000
"""The longest error message, in characters. Messages of libraries may quote the request."""


class Code(StrEnum):
    """The values of `extensions.code`. Clients may rely on them."""

    NIET_AANGEMELD = "NIET_AANGEMELD"
    NIET_BEVOEGD = "NIET_BEVOEGD"
    ONGELDIG_ARGUMENT = "ONGELDIG_ARGUMENT"
    CURSOR_ONGELDIG = "CURSOR_ONGELDIG"
    CURSOR_VERLOPEN = "CURSOR_VERLOPEN"
    DOCUMENT_ONGELDIG = "DOCUMENT_ONGELDIG"
    DOCUMENT_ONBEKEND = "DOCUMENT_ONBEKEND"
    LIMIET_OVERSCHREDEN = "LIMIET_OVERSCHREDEN"
    NIET_BESCHIKBAAR = "NIET_BESCHIKBAAR"
    INTERNE_FOUT = "INTERNE_FOUT"


def is_transient(error: BaseException) -> bool:
    """Whether an error is temporary, so that the client can retry: NIET_BESCHIKBAAR."""
    return isinstance(error, Transient)


def is_unauthorized(error: BaseException) -> bool:
    """Whether an error means that the caller's login is no longer valid: NIET_AANGEMELD."""
    return isinstance(error, LoginGeweigerd)


def refused(code: Code, bericht: str, **extensions: Any) -> GraphQLError:
    """An error that tells a client what is wrong with their request."""
    return GraphQLError(bericht, extensions={"code": code.value} | extensions)


def ongeldig_argument(argument: str, bericht: str) -> GraphQLError:
    """The error for an argument, or a field of an input, that has a value which GraphQL itself allows."""
    return refused(Code.ONGELDIG_ARGUMENT, bericht, argument=argument)


def formatted(error: GraphQLError) -> GraphQLFormattedError:
    """An error in the form that clients get: always with a code, and masked if it is an internal error.

    Errors of the GraphQL library (syntax, validation, operationName, variables) have no original error and no code;
    they get DOCUMENT_ONGELDIG. Any other unknown error is internal: the client gets an id, the log has the
    traceback.
    """
    known = _known(error)
    if known is not None:
        return _written(error, str(known.message), known.extensions or {})
    if error.original_error is None or isinstance(error.original_error, GraphQLError):
        return _written(error, error.message, {"code": Code.DOCUMENT_ONGELDIG.value})
    return _masked(error, error.original_error)


def _known(error: GraphQLError) -> GraphQLError | None:
    """The error for a known exception, or the error itself if it has a code; None for others."""
    extensions = error.extensions or {}
    if "code" in extensions:
        if extensions["code"] == Code.ONGELDIG_ARGUMENT.value:
            error.extensions = {"argument": argument_of(error)} | extensions
        return error
    match error.original_error:
        case OutcomeUnknown():
            # Before Transient, because this is a Transient as well.
            return refused(Code.NIET_BESCHIKBAAR, _PERHAPS_DONE, mogelijkUitgevoerd=True)
        case NietBevoegd(bericht=bericht):
            return refused(Code.NIET_BEVOEGD, bericht)
        case ZoektekstOngeldig() as ongeldig:
            return ongeldig_argument("zoektekst", str(ongeldig))
        case CursorOngeldig():
            return cursor_ongeldig()
        case LimitReached() as reached:
            return _too_much(reached)
        case DocumentUnknown():
            return refused(Code.DOCUMENT_ONBEKEND, "Dit document is hier niet bekend.")
        case LoginGeweigerd():
            return not_logged_in()
        case Transient():
            return refused(Code.NIET_BESCHIKBAAR, "Overdracht is nu niet bereikbaar. Probeer het straks opnieuw.")
        case CursorVerlopen():
            return refused(Code.CURSOR_VERLOPEN, "U bent te ver achter. Lees het postvak opnieuw.")
    return None


def _too_much(reached: LimitReached) -> GraphQLError:
    """The error for a limit that was exceeded. If only the answer to a mutation was too large, it says whether the
    mutation was done. If a mutation was aborted, it says that it may have been done.
    """
    limit, most = reached.limit, reached.most
    bericht = f"U vraagt te veel: {_LIMITS[limit]} is hoogstens {most:.15g}."
    extensions: dict[str, Any] = {"limiet": limit.value, "maximum": most}
    if reached.estimated is not None:
        extensions["berekend"] = reached.estimated
    if isinstance(reached, AnswerTooLarge):
        extensions["gedaan"] = reached.is_done
        done = "Dit is wel gedaan." if reached.is_done else "Er is niets gewijzigd."
        bericht = f"{done} Alleen het antwoord is te groot: vraag het opnieuw op met minder velden."
    if isinstance(reached, DeedTimedOut):
        extensions["mogelijkUitgevoerd"] = True
        bericht = f"Dit duurde te lang. {_PERHAPS_DONE}"
    return refused(Code.LIMIET_OVERSCHREDEN, bericht, **extensions)


def not_logged_in() -> GraphQLError:
    """The error for a caller without a valid login, the same for every reason."""
    return refused(Code.NIET_AANGEMELD, "U bent niet aangemeld, of uw aanmelding geldt niet (meer).")


def cursor_ongeldig() -> GraphQLError:
    """The error for a cursor or position that is malformed, belongs to another list, or does not exist."""
    return refused(Code.CURSOR_ONGELDIG, "Deze plaats bestaat niet in deze lijst of stroom.")


def _masked(error: GraphQLError, cause: Exception) -> GraphQLFormattedError:
    error_id = str(uuid.uuid4())
    log.error(
        "internal error %s at %s",
        error_id,
        _where(error),
        exc_info=Redacted.of(cause),
        extra={"error_id": error_id},
    )
    bericht = "Er ging iets mis. Noem dit nummer als u het meldt: " + error_id
    return _written(error, bericht, {"code": Code.INTERNE_FOUT.value, "id": error_id})


def _written(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLFormattedError:
    short = message if len(message) <= _MAX_MESSAGE else message[:_MAX_MESSAGE] + "…"
    # A message of a library may quote the request, and a lone surrogate in it cannot be encoded.
    written: GraphQLFormattedError = {"message": short.encode(errors="replace").decode()}
    if error.locations:
        written["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        written["path"] = error.path
    written["extensions"] = extensions
    return written


def _where(error: GraphQLError) -> str:
    """The name in the schema of the field that failed. Not the path, which has aliases that the client chose."""
    name = getattr(error.nodes[0], "name", None) if error.nodes else None
    return name.value if name is not None else "the request"
