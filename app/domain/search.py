"""Searching: every word of the search text begins a word in the searched texts.

Letter case and diacritics do not count, punctuation separates. The rule works on folded words, so it is the
same on every database.
"""

import re
import unicodedata
from functools import lru_cache

from app.domain.limits import MAX_ZOEKTEKST, MAX_ZOEKWOORDEN

_CHARACTERS = 4096
"""Of how many characters is remembered what they are: texts have few that differ, and many that are alike."""

_ASCII_WORD = re.compile(r"[0-9a-z]+")
_NUMMER = re.compile(r"[0-9]{10}", re.ASCII)


class ZoektekstOngeldig(ValueError):
    """A search text that is too long or has too many words."""


def fold(text: str) -> str:
    """A text without letter case and diacritics."""
    if text.isascii():
        return text.lower()
    # By way of the upper case: the dotless i has the capital I as well.
    folded = unicodedata.normalize("NFKD", text).upper().casefold()
    return "".join(map(_folded, unicodedata.normalize("NFKD", folded)))


def words(*texts: str | None) -> list[str]:
    """The folded words of the texts, in order: runs of letters, digits and marks."""
    found: list[str] = []
    for text in texts:
        if text and text.isascii():
            found += _ASCII_WORD.findall(fold(text))
        elif text:
            found += "".join(map(_word_part, fold(text))).split()
    return found


def index(*texts: str | None) -> str:
    """The words in the form in which they are kept for searching: each with a space before it."""
    return "".join(f" {word}" for word in words(*texts))


def read_zoektekst(zoektekst: str | None) -> list[str]:
    """The words to look for; none where the search text is left out or blank.

    Refuses more than 200 code points or more than 10 words with `ZoektekstOngeldig`.
    """
    text = (zoektekst or "").strip()
    if len(text) > MAX_ZOEKTEKST:
        raise ZoektekstOngeldig(f"Een zoektekst telt hoogstens {MAX_ZOEKTEKST} tekens.")
    found = words(text)
    if len(found) > MAX_ZOEKWOORDEN:
        raise ZoektekstOngeldig(f"Een zoektekst telt hoogstens {MAX_ZOEKWOORDEN} woorden.")
    return found


def as_nummer(zoektekst: str | None) -> str | None:
    """The number that is looked for, where the search text is exactly ten digits."""
    text = (zoektekst or "").strip()
    return text if _NUMMER.fullmatch(text) else None


def matches(zoekwoorden: list[str], *texts: str | None) -> bool:
    """Whether every word begins a word of the texts."""
    indexed = index(*texts)
    return all(f" {word}" in indexed for word in zoekwoorden)


@lru_cache(_CHARACTERS)
def _folded(c: str) -> str:
    """Nothing for marks that only change a letter (diacritics) and invisible format characters, else itself."""
    return "" if unicodedata.category(c) in ("Mn", "Me", "Cf", "Cs") else c


@lru_cache(_CHARACTERS)
def _word_part(c: str) -> str:
    """A letter, digit or mark as it is, and anything else as a space."""
    return c if unicodedata.category(c)[0] in "LNM" else " "
