"""GraphQL errors: their codes, and the one function that writes an error for a client.

The business saying no is not an error: that is a member of a result (`results.py`).
"""

import logging
import uuid
from enum import StrEnum
from typing import Any

from graphql import GraphQLError, GraphQLFormattedError

from app.common.outage import PerhapsDone, Transient
from app.domain.finding.search import ZoektekstOngeldig
from app.domain.organisation import LoginGeweigerd
from app.domain.refusals import NietBevoegd
from app.domain.streams import CursorOngeldig, CursorVerlopen
from app.logs.redacted import Redacted
from app.transport.execution.documents import DocumentUnknown
from app.transport.limits import AnswerTooLarge, DeedBrokenOff, Limit, LimitReached

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

_MOST_TOLD = 1_000
"""How much is told of what is wrong: it may quote what was sent."""


class Code(StrEnum):
    """What stands in `extensions.code`; clients may rely on it."""

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
    """Whether an error passes by itself: NIET_BESCHIKBAAR."""
    return isinstance(error, Transient)


def is_unauthorized(error: BaseException) -> bool:
    """Whether an error says that a caller is not let in any more: NIET_AANGEMELD."""
    return isinstance(error, LoginGeweigerd)


def refused(code: Code, bericht: str, **extensions: Any) -> GraphQLError:
    """An error that tells a client what is wrong with his request."""
    return GraphQLError(bericht, extensions={"code": code.value} | extensions)


def formatted(error: GraphQLError) -> GraphQLFormattedError:
    """An error as clients get it: always with a code, and masked where we broke.

    What the libraries refuse (syntax, validation, operationName, variables) has no cause and no code of its
    own: DOCUMENT_ONGELDIG. Any other cause than a refusal is ours: the client gets an id, the log the trace.
    """
    known = _known(error)
    if known is not None:
        return _written(error, str(known.message), known.extensions or {})
    if error.original_error is None or isinstance(error.original_error, GraphQLError):
        return _written(error, error.message, {"code": Code.DOCUMENT_ONGELDIG.value})
    return _masked(error, error.original_error)


def _known(error: GraphQLError) -> GraphQLError | None:
    """The refusal that an error stands for, if it does."""
    if "code" in (error.extensions or {}):
        return error
    match error.original_error:
        case PerhapsDone():
            # First: it passes by itself as well.
            return refused(Code.NIET_BESCHIKBAAR, _PERHAPS_DONE, mogelijkUitgevoerd=True)
        case NietBevoegd(bericht=bericht):
            return refused(Code.NIET_BEVOEGD, bericht)
        case ZoektekstOngeldig() as found:
            return refused(Code.ONGELDIG_ARGUMENT, str(found))
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
    """The refusal of too much. Where only the answer to a deed was too much, it says whether that was done; where a
    deed was broken off, that it may have been.
    """
    limit, most = reached.limit, reached.most
    bericht = f"U vraagt te veel: {_LIMITS[limit]} is hoogstens {most:.15g}."
    extensions: dict[str, Any] = {"limiet": limit.value, "maximum": most}
    if isinstance(reached, AnswerTooLarge):
        extensions["gedaan"] = reached.is_done
        done = "Dit is wel gedaan." if reached.is_done else "Er is niets gewijzigd."
        bericht = f"{done} Alleen het antwoord is te groot: vraag het opnieuw op met minder velden."
    if isinstance(reached, DeedBrokenOff):
        extensions["mogelijkUitgevoerd"] = True
        bericht = f"Dit duurde te lang. {_PERHAPS_DONE}"
    return refused(Code.LIMIET_OVERSCHREDEN, bericht, **extensions)


def not_logged_in() -> GraphQLError:
    """What a caller gets who is not let in, or not any more, whatever the reason."""
    return refused(Code.NIET_AANGEMELD, "U bent niet aangemeld, of uw aanmelding geldt niet (meer).")


def cursor_ongeldig() -> GraphQLError:
    """A place in a list or a stream that is malformed, of another one, or not there."""
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
    # A message of the libraries may quote what was sent, and a lone surrogate cannot be sent back.
    told = message if len(message) <= _MOST_TOLD else message[:_MOST_TOLD] + "…"
    written: GraphQLFormattedError = {"message": told.encode(errors="replace").decode()}
    if error.locations:
        written["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        written["path"] = error.path
    written["extensions"] = extensions
    return written


def _where(error: GraphQLError) -> str:
    """The field where it happened, by its name in the schema: in a path stand aliases, which a client chose."""
    name = getattr(error.nodes[0], "name", None) if error.nodes else None
    return name.value if name is not None else "the request"
