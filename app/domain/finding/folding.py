"""Folding: a text without what does not count when it is searched, and with few kinds of separators."""

import re
import unicodedata
from functools import lru_cache

_CHARACTERS = 4096
"""Of how many characters is remembered what they are: texts have few that differ, and many that are alike."""

APART = "\n"
"""Separates words that have nothing to do with each other. A folded text has of all other signs only those in
`SIGNS`.
"""
SIGNS = " '-./()+"

_APOSTROPHES = "'`´‘’‛′＇\u02b9\u02bb\u02bc\u02c8"
"""What people and their keyboards put where an apostrophe belongs."""

_MINUSES = "−⁃"
"""Not dashes to Unicode, but to whoever reads them."""

_LIGATURES = {
    "æ": "ae",
    "œ": "oe",
    "ꜳ": "aa",
    "ꜵ": "ao",
    "ꜷ": "au",
    "ꜹ": "av",
    "ꜽ": "ay",
    "ꝏ": "oo",
    "ȣ": "ou",
    "ᵫ": "ue",
    "ꜩ": "tz",
    "ꝡ": "vy",
    "ƕ": "hv",
    "ʣ": "dz",
    "ʦ": "ts",
    # One letter in Icelandic, and two where the name is written without it.
    "þ": "th",
    "ð": "d",
}
"""Letters that are two; Unicode itself takes those such as ĳ, ﬁ and ß apart."""

_CHANGED_LETTER = re.compile(r"((?:LATIN|CYRILLIC) SMALL LETTER .+?) WITH .+")
"""The names of letters with a stroke, a hook or a tail: of these Unicode does not tell which letter they change."""

_ASCII = bytes(
    ord("'" if c == "`" else c if c.isalnum() or c in SIGNS else APART) for c in map(chr, range(128))
).ljust(256)
"""For each sign of ASCII what it becomes."""


def fold(text: str) -> str:
    """A text without letter case, diacritics and strokes, its ligatures taken apart."""
    if text.isascii():
        return text.lower()
    # By way of the upper case: the dotless i has the capital I as well. NFKD makes a space of a lone acute accent.
    folded = unicodedata.normalize("NFKD", text.replace("´", "'")).upper().casefold()
    return "".join(map(_folded, unicodedata.normalize("NFKD", folded)))


def fold_signs(text: str) -> str:
    """A folded text in which whatever is no part of a word is one of `SIGNS` or `APART`."""
    folded = fold(text)
    if folded.isascii():
        return folded.encode().translate(_ASCII).decode()
    return "".join(map(_sign, folded))


@lru_cache(_CHARACTERS)
def _folded(c: str) -> str:
    """Nothing for marks that only change a letter (diacritics) and invisible format characters; of a letter that is
    changed otherwise the letter.
    """
    if unicodedata.category(c) in ("Mn", "Me", "Cf", "Cs"):
        return ""
    changed = _CHANGED_LETTER.fullmatch(unicodedata.name(c, ""))
    if changed:
        try:
            return fold(unicodedata.lookup(changed[1]))
        except KeyError:
            return c
    return _LIGATURES.get(c, c)


@lru_cache(_CHARACTERS)
def _sign(c: str) -> str:
    """A letter, digit or mark as it is, and anything else as one of few signs."""
    category = unicodedata.category(c)
    if c in _APOSTROPHES:
        return "'"
    if category[0] in "LNM":
        return c
    if category == "Pd" or c in _MINUSES:
        return "-"
    return c if c in SIGNS else APART
