"""How much one operation may ask, and the refusal of more."""

from dataclasses import dataclass
from enum import StrEnum


class Limit(StrEnum):
    """What is limited, as a client is told in `extensions.limiet`."""

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
    """More was asked than is allowed: which limit, and how much it allows."""

    def __init__(self, limit: Limit, most: float) -> None:
        super().__init__(limit, most)
        self.limit = limit
        self.most = most


class AnswerTooLarge(LimitReached):
    """The answer to a mutation has grown larger than it may be, which was not to be seen beforehand. `is_done` is
    whether a deed was done, as opposed to refused.
    """

    def __init__(self, limit: Limit, most: float, *, is_done: bool) -> None:
        super().__init__(limit, most)
        self.is_done = is_done


class DeedBrokenOff(LimitReached):
    """A mutation took too long and was broken off: it may have been done by then."""


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """How much a document may ask, each at most.

    `characters` and `lines` are those of its text, and `name` is for every name in it and in its variables, in
    characters: to tell where an error is, GraphQL looks through all of it. `depth` counts fields within fields,
    fragments looked through, and lists and objects within each other in the variables. `list_items` is for every
    list in an argument or variable, `values` for all that stands in the variables. `cost` counts the fields of an
    answer, those in a list as often as the list may have items; a page has `page` of them at most.
    `answer_bytes` is how long an answer may be.
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
