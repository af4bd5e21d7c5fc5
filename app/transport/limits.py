"""The limits of operations and requests, and the errors for exceeding them."""

from dataclasses import dataclass
from enum import StrEnum


class Limit(StrEnum):
    """What is limited; clients see the value in `extensions.limiet` of the error."""

    TOKENS = "TOKENS"
    CHARACTERS = "TEKENS"
    LINES = "REGELS"
    NAME = "NAAM"
    DEPTH = "DIEPTE"
    ALIASES = "ALIASSEN"
    DIRECTIVES = "DIRECTIVES"
    LIST_ITEMS = "LIJST"
    VALUES = "WAARDEN"
    COST = "KOSTEN"
    COMPARISONS = "VERGELIJKINGEN"
    OPERATIONS = "OPERATIES"
    CONNECTIONS = "VERBINDINGEN"
    BODY = "BODY"
    URL = "URL"
    SECONDS = "SECONDEN"
    ANSWER = "ANTWOORD"


class LimitReached(Exception):
    """A request exceeds a limit: which one, and the most that it allows. `estimated` is what it would cost, if that
    was estimated before it was executed.
    """

    def __init__(self, limit: Limit, most: float, *, estimated: int | None = None) -> None:
        super().__init__(limit, most)
        self.limit = limit
        self.most = most
        self.estimated = estimated


class AnswerTooLarge(LimitReached):
    """The answer to an executed mutation is too large. `is_done` says whether the deed was done or refused."""

    def __init__(self, limit: Limit, most: float, *, is_done: bool) -> None:
        super().__init__(limit, most)
        self.is_done = is_done


class DeedTimedOut(LimitReached):
    """A mutation exceeded the time limit and was cancelled; the deed may have been done by then."""


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """The limits of a document and its variables; each is a maximum.

    `tokens`, `characters`, `lines`, `aliases` and `directives` count those of the document. `name` is the length in
    characters of each name in the document and in its variables. (Long texts cost time: graphql-core scans all of
    it to locate an error.) `depth` is how deeply fields are nested, including those in fragments, and lists and
    objects in the variables. `list_items` is the length of each list in an argument or variable, `values` the
    number of values in all variables together. `cost` is the number of fields in the answer: a field in a list
    counts once for each item that the list may have. `page` is the size of a page, `answer_bytes` that of an
    answer.
    """

    tokens: int
    characters: int
    lines: int
    name: int
    depth: int
    aliases: int
    directives: int
    list_items: int
    values: int
    cost: int
    page: int
    answer_bytes: int
