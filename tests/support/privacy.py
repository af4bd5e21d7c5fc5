"""Texts that may be in no log, metric, hint or error: registered texts, names of employees, and tokens."""

from collections.abc import Iterable

from tests.support import arrange, inputs
from tests.support.people import DEMO_KEY, EVERYBODY

TOKEN = "eyJ"
"""The start of each JSON part of a token: `{"` in base64."""

TEXTS = (
    arrange.ONDERWERP,
    arrange.INHOUD,
    inputs.NOTE,
    inputs.INHOUD,
    *(person.naam for person in EVERYBODY),
    "Nel Nieuw",
    DEMO_KEY,
    TOKEN,
)
"""The private texts of most tests, without single words that are in the code as well."""


def found_in(written: str, texts: Iterable[str] = TEXTS) -> list[str]:
    """The private texts that are in `written`, in any letter case; parts of tokens in their exact case."""
    folded = written.casefold()
    return [text for text in texts if (text in written if text == TOKEN else text.casefold() in folded)]
