"""Searching: a text matches if every word of the search text is the start of one of its words.

Letter case and diacritics are ignored, punctuation separates words. People write the same thing in several ways, so
parts that could also be written as one word are joined as well, without separators: `e-mail` is also `email`. The
same rule (`_written_together`) is used for the searched texts and for the search text.

- The index of a text has its words and, for each word that can be joined with the next ones, the longest joined
  word.
- A word of a search text matches if it is the start of an indexed word, or if it is the last part of a joined word
  that is.

The rule works on folded words in Python, so it gives the same results on every database.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from app.domain.finding.filters import Zoekvraag
from app.domain.finding.folding import fold_signs
from app.domain.values.limits import MAX_ZOEKTEKST, MAX_ZOEKWOORDEN

VERSION = 2
"""The version of the indexing rule. Raise it when the rule changes: texts that were indexed by an older version may
not be found until they are indexed again.
"""

MOST_PARTS, MOST_DIGITS, MOST_MIXED = 6, 20, 8
"""The longest joined words: how many parts with apostrophes or hyphens between them, how many digits, and how many
characters if it has both digits and letters.
"""

_SIGNS = 256
"""The size of the cache of separators and their meaning."""

_WORD = re.compile(r"[^ '\-./()+\n]+")
_PART = re.compile(r"([ '\-./()+\n]*)([^ '\-./()+\n]+)")
_MAY_JOIN = re.compile(r"[0-9]|[^ '\-./()+\n]['\-]{1,2}[^ '\-./()+\n]")
_IN_WORD = re.compile(r"['\-]{1,2}")
_IN_NUMBER = re.compile(r"(?!.*  )[ .\-/()]{1,5}")
_BEFORE_DIGITS = re.compile(r"[^0-9+]*")
_HAS_DIGIT = re.compile(r"[0-9]")
_NUMMER = re.compile(r"(?:(?:interne ?)?taak ?|(?:klant)?contact ?)?(?:(?:nummer|nr) ?)?((?:[0-9] ?){10})")


class ZoektekstOngeldig(ValueError):
    """A search text that is too long or has too many words."""


class _Parts(NamedTuple):
    """The words of a text, each with how it may be joined with the word before it."""

    texts: Sequence[str]
    in_word: Sequence[bool]
    """Whether it may be one word with the one before it: D'Hondt, e-mail."""
    in_number: Sequence[bool]
    """Whether the separator may stand inside a number or code: (020) 123, 3512 AE."""
    after_plus: Sequence[bool]
    """Whether a plus sign stands right before it: +31."""


def words(*texts: str | None) -> list[str]:
    """The folded words of the texts, in order. A word is a run of letters, digits and marks."""
    return [word for text in texts if text for word in _WORD.findall(fold_signs(text))]


def index(*texts: str | None) -> str:
    """The texts in the form that is stored for searching: for each text its words and then its joined words, with a
    space before each.
    """
    return "".join(f" {word}" for text in texts if text for word in _indexed(fold_signs(text)))


def read_zoektekst(zoektekst: str | None) -> Zoekvraag:
    """Parse a search text; the result has no conditions if the text is None or blank.

    Raises `ZoektekstOngeldig` for more than 200 code points or more than 10 words.
    """
    text = (zoektekst or "").strip()
    if len(text) > MAX_ZOEKTEKST:
        raise ZoektekstOngeldig(f"Een zoektekst telt hoogstens {MAX_ZOEKTEKST} tekens.")
    folded, nummer = fold_signs(text), as_nummer(text)
    if nummer is not None:
        # Drop a label such as "taaknummer": only the number is searched for.
        folded = _BEFORE_DIGITS.sub("", folded, count=1)
    parts = _split(folded)
    if len(parts.texts) > MAX_ZOEKWOORDEN:
        raise ZoektekstOngeldig(f"Een zoektekst telt hoogstens {MAX_ZOEKWOORDEN} woorden.")
    return Zoekvraag(_alternatives(parts, nummer), nummer)


def as_nummer(zoektekst: str | None) -> str | None:
    """The ten digits of a task's or contact's number, if the search text is one; else None.

    The digits may be separated in any way, and a label such as "taaknummer" may stand before them.
    """
    match = _NUMMER.fullmatch(" ".join(words(zoektekst)))
    return match and match[1].replace(" ", "")


def matches(zoek: Zoekvraag, *texts: str | None) -> bool:
    """Whether the texts match: for every word of the search text, one of its spellings starts an indexed word."""
    indexed = index(*texts)
    return all(any(f" {word}" in indexed for word in alternatives) for alternatives in zoek.woorden)


def _alternatives(parts: _Parts, nummer: str | None) -> tuple[tuple[str, ...], ...]:
    """The spellings of each word: the word itself, the joined words that end with it, and the number."""
    spellings = [[text] for text in parts.texts]
    for start, _ in enumerate(parts.texts):
        for end, text in [*_written_together(parts, start), *_dialled_at_home(parts, start)]:
            spellings[end].append(text)
    return tuple(tuple(dict.fromkeys([*each, nummer] if nummer else each)) for each in spellings)


def _indexed(folded: str) -> list[str]:
    """The words of a text, then the longest joined word from each start: every shorter one is a prefix of it."""
    if not _MAY_JOIN.search(folded):
        return _WORD.findall(folded)
    parts = _split(folded)
    indexed = list(parts.texts)
    for start in _joinable(parts):
        indexed += [text for _, text in _written_together(parts, start)[-1:]]
    for start, text in enumerate(parts.texts):
        if text[0] in "03":
            indexed += [text for _, text in _dialled_at_home(parts, start)[-1:]]
    return indexed


def _joinable(parts: _Parts) -> list[int]:
    """The indexes of the parts that may be joined with the next one: few, so that most texts cost nothing more."""
    lengths = list(map(len, parts.texts))
    # Of all characters in words only digits sort before the colon.
    digits = [text < ":" for text in parts.texts]
    return [
        nth - 1
        for nth in range(1, len(lengths))
        if parts.in_word[nth]
        or (
            parts.in_number[nth]
            and ((digits[nth] and digits[nth - 1]) or lengths[nth] + lengths[nth - 1] <= MOST_MIXED)
        )
    ]


def _written_together(parts: _Parts, start: int) -> list[tuple[int, str]]:
    """The joined words that start with part `start`, shortest first, each with the index of its last part.

    Parts are joined if apostrophes or hyphens are between them, if they are all digits, or if they are a few
    characters of digits and letters.
    """
    joined: list[tuple[int, str]] = []
    text, is_word, is_number, count = parts.texts[start], True, True, 0
    for end in range(start + 1, len(parts.texts)):
        text += parts.texts[end]
        is_word = is_word and parts.in_word[end] and end - start < MOST_PARTS
        is_number = is_number and parts.in_number[end]
        is_number = is_number and len(text) <= (MOST_DIGITS if _is_digits(text) else MOST_MIXED)
        if not (is_word or is_number):
            break
        joined.append((end, text))
        if is_word or _HAS_DIGIT.search(text):
            # The shorter ones count as well from here: GH K 12 also gives GHK.
            count = len(joined)
    return joined[:count]


def _dialled_at_home(parts: _Parts, start: int) -> list[tuple[int, str]]:
    """A phone number that starts with +31 or 0031, as dialled within the Netherlands: +31 (0)20 becomes 020.

    Gives each prefix of it, shortest first, with the index of its last part.
    """
    country = "31" if parts.after_plus[start] else "0031"
    dialled: list[tuple[int, str]] = []
    digits, count = "", 0
    for end in range(start, len(parts.texts)):
        digits += parts.texts[end]
        if not _is_digits(digits) or len(digits) > MOST_DIGITS or (end > start and not parts.in_number[end]):
            break
        if not (digits.startswith(country) or country.startswith(digits)):
            break
        dialled.append((end, "0" + digits[len(country) :].removeprefix("0")))
        if digits.startswith(country):
            count = len(dialled)
    return dialled[:count]


def _split(folded: str) -> _Parts:
    pieces = _PART.findall(folded)
    meanings = [_meaning(separator) for separator, _ in pieces]
    return _Parts([text for _, text in pieces], *([meaning[nth] for meaning in meanings] for nth in range(3)))


@lru_cache(_SIGNS)
def _meaning(separator: str) -> tuple[bool, bool, bool]:
    """A separator's values of `_Parts`: in_word, in_number, after_plus."""
    in_word, in_number = _IN_WORD.fullmatch(separator), _IN_NUMBER.fullmatch(separator)
    return in_word is not None, in_number is not None, separator.endswith("+")


def _is_digits(text: str) -> bool:
    return text.isdecimal() and text.isascii()
