"""What must stand in no log, figure, hint or error: what the tests register, who they are, and their tokens."""

from collections.abc import Iterable

from tests.support import arrange, inputs
from tests.support.people import DEMO_KEY, EVERYBODY

TOKEN = "eyJ"
"""Each part of a token that is JSON begins so: base64 of `{"`."""

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
"""Those that most tests use. Texts of one word that stands in the code as well are left out."""


def found_in(written: str, texts: Iterable[str] = TEXTS) -> list[str]:
    """The texts that stand in what was written, whatever the case of their letters; a token's part as it is."""
    folded = written.casefold()
    return [text for text in texts if (text in written if text == TOKEN else text.casefold() in folded)]
