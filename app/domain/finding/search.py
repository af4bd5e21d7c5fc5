"""Searching: every word of the search text begins a word in the searched texts.

Letter case and diacritics do not count, punctuation separates. People write one thing in several ways, so parts
that may as well be written as one word are one too, without their separators: in the searched texts and in the
search text alike, by one rule (`_written_together`).

- Of a searched text are kept its words and, for each of them, the longest word that it begins together with those
  that follow.
- A word of a search text is found where it begins a word that is kept, or where the words up to it do, written
  together.

The rule works on folded words, so it is the same on every database.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from app.domain.finding.filters import Zoekvraag
from app.domain.finding.folding import fold_signs
from app.domain.values.limits import MAX_ZOEKTEKST, MAX_ZOEKWOORDEN

VERSION = 2
"""Of the rule by which texts are indexed: what was indexed by an earlier one is found by less."""

MOST_PARTS, MOST_DIGITS, MOST_MIXED = 6, 20, 8
"""How long a word may be that is written in parts: so many words with apostrophes or hyphens between them, so many
digits, and so many characters where it has both digits and letters.
"""

_SIGNS = 256
"""Of how many separators is remembered what they mean."""

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
    """The words of a text, each with how it stands to the one before it."""

    texts: Sequence[str]
    in_word: Sequence[bool]
    """One word with it: D'Hondt, e-mail."""
    in_number: Sequence[bool]
    """One number with it, if both are of one: (020) 123, 3512 AE."""
    after_plus: Sequence[bool]


def words(*texts: str | None) -> list[str]:
    """The folded words of the texts, in order: runs of letters, digits and marks."""
    return [word for text in texts if text for word in _WORD.findall(fold_signs(text))]


def index(*texts: str | None) -> str:
    """The words in the form in which they are kept for searching, each with a space before it; after those of a
    text what they are without separators.
    """
    return "".join(f" {word}" for text in texts if text for word in _indexed(fold_signs(text)))


def read_zoektekst(zoektekst: str | None) -> Zoekvraag:
    """What to look for; nothing where the search text is left out or blank.

    Refuses more than 200 code points or more than 10 words with `ZoektekstOngeldig`.
    """
    text = (zoektekst or "").strip()
    if len(text) > MAX_ZOEKTEKST:
        raise ZoektekstOngeldig(f"Een zoektekst telt hoogstens {MAX_ZOEKTEKST} tekens.")
    folded, nummer = fold_signs(text), as_nummer(text)
    if nummer is not None:
        # What it is called is not looked for.
        folded = _BEFORE_DIGITS.sub("", folded, count=1)
    parts = _split(folded)
    if len(parts.texts) > MAX_ZOEKWOORDEN:
        raise ZoektekstOngeldig(f"Een zoektekst telt hoogstens {MAX_ZOEKWOORDEN} woorden.")
    return Zoekvraag(_alternatives(parts, nummer), nummer)


def as_nummer(zoektekst: str | None) -> str | None:
    """The number that is looked for, where the search text is ten digits: however they are separated, and with what
    is numbered before them.
    """
    found = _NUMMER.fullmatch(" ".join(words(zoektekst)))
    return found and found[1].replace(" ", "")


def matches(zoek: Zoekvraag, *texts: str | None) -> bool:
    """Whether the texts have every word: each as one of its alternatives, which begins a word that is kept."""
    indexed = index(*texts)
    return all(any(f" {word}" in indexed for word in alternatives) for alternatives in zoek.woorden)


def _alternatives(parts: _Parts, nummer: str | None) -> tuple[tuple[str, ...], ...]:
    """For each word in which ways it may be found: by itself, at the end of what is written together, or as a
    number.
    """
    found = [[text] for text in parts.texts]
    for start, _ in enumerate(parts.texts):
        for end, text in [*_written_together(parts, start), *_dialled_at_home(parts, start)]:
            found[end].append(text)
    return tuple(tuple(dict.fromkeys([*ways, nummer] if nummer else ways)) for ways in found)


def _indexed(folded: str) -> list[str]:
    """The words of a text, and then the longest that each begins: it begins with all shorter ones."""
    if not _MAY_JOIN.search(folded):
        return _WORD.findall(folded)
    parts = _split(folded)
    found = list(parts.texts)
    for start in _that_may_go_on(parts):
        found += [text for _, text in _written_together(parts, start)[-1:]]
    for start, text in enumerate(parts.texts):
        if text[0] in "03":
            found += [text for _, text in _dialled_at_home(parts, start)[-1:]]
    return found


def _that_may_go_on(parts: _Parts) -> list[int]:
    """The places of the parts that may be written together with the next: few, and all others cost nothing more."""
    lengths = list(map(len, parts.texts))
    # Of all that a word consists of only digits come before the colon.
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
    """The words that a part and those that follow it are without their separators, each with the place of its last
    part. They are one word where apostrophes or hyphens join them; where they are digits; and where they are a few
    characters, both digits and letters.
    """
    found: list[tuple[int, str]] = []
    text, is_word, is_number, count = parts.texts[start], True, True, 0
    for end in range(start + 1, len(parts.texts)):
        text += parts.texts[end]
        is_word = is_word and parts.in_word[end] and end - start < MOST_PARTS
        is_number = is_number and parts.in_number[end]
        is_number = is_number and len(text) <= (MOST_DIGITS if _is_digits(text) else MOST_MIXED)
        if not (is_word or is_number):
            break
        found.append((end, text))
        if is_word or _HAS_DIGIT.search(text):
            # With its beginnings: of GH K 12 also GHK.
            count = len(found)
    return found[:count]


def _dialled_at_home(parts: _Parts, start: int) -> list[tuple[int, str]]:
    """A phone number that begins with +31 or 0031, and each beginning of it, as it is dialled at home: +31 (0)20 is
    020. Each with the place of its last part.
    """
    country = "31" if parts.after_plus[start] else "0031"
    found: list[tuple[int, str]] = []
    digits, count = "", 0
    for end in range(start, len(parts.texts)):
        digits += parts.texts[end]
        if not _is_digits(digits) or len(digits) > MOST_DIGITS or (end > start and not parts.in_number[end]):
            break
        if not (digits.startswith(country) or country.startswith(digits)):
            break
        found.append((end, "0" + digits[len(country) :].removeprefix("0")))
        if digits.startswith(country):
            count = len(found)
    return found[:count]


def _split(folded: str) -> _Parts:
    found = _PART.findall(folded)
    signs = [_of_sign(sign) for sign, _ in found]
    return _Parts([text for _, text in found], *([sign[nth] for sign in signs] for nth in range(3)))


@lru_cache(_SIGNS)
def _of_sign(sign: str) -> tuple[bool, bool, bool]:
    return _IN_WORD.fullmatch(sign) is not None, _IN_NUMBER.fullmatch(sign) is not None, sign.endswith("+")


def _is_digits(text: str) -> bool:
    return text.isdecimal() and text.isascii()
