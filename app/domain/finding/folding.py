"""Folding: reduce a text to what matters when searching, with only a few kinds of separators."""

import re
import unicodedata
from functools import lru_cache

_CHARACTERS = 4096
"""The size of the caches of folded characters. Texts use few different characters, so most look-ups hit."""

APART = "\n"
"""Separates words that are never joined into one. Besides words, a folded text has only this and `SIGNS`."""
SIGNS = " '-./()+"
"""Separators that may stand inside something that is one word or number, such as D'Hondt or 020-1234567."""

_APOSTROPHES = "'`´‘’‛′＇\u02b9\u02bb\u02bc\u02c8"
"""Characters that people type for an apostrophe."""

_MINUSES = "−⁃"
"""Characters that look like a dash but are not in Unicode's dash category (Pd)."""

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
    # Icelandic letters; these are the usual spellings without them.
    "þ": "th",
    "ð": "d",
}
"""Ligatures and their letters, as far as Unicode normalisation does not split them (it does split ĳ, ﬁ and ß)."""

_CHANGED_LETTER = re.compile(r"((?:LATIN|CYRILLIC) SMALL LETTER .+?) WITH .+")
"""Unicode names of letters with a stroke, hook or tail. NFKD does not split these, so the base letter comes from
the name: LATIN SMALL LETTER O WITH STROKE is an o.
"""

_ASCII = bytes(
    ord("'" if c == "`" else c if c.isalnum() or c in SIGNS else APART) for c in map(chr, range(128))
).ljust(256)
"""The replacement of each ASCII character in `fold_signs`."""


def fold(text: str) -> str:
    """The text in lower case, without diacritics and strokes, with ligatures split into letters."""
    if text.isascii():
        return text.lower()
    # Upper case first, so that the dotless i (ı) becomes an i. The lone acute accent is replaced before NFKD, which
    # would turn it into a space.
    folded = unicodedata.normalize("NFKD", text.replace("´", "'")).upper().casefold()
    return "".join(map(_folded, unicodedata.normalize("NFKD", folded)))


def fold_signs(text: str) -> str:
    """The folded text, in which every character that is not part of a word becomes one of `SIGNS` or `APART`."""
    folded = fold(text)
    if folded.isascii():
        return folded.encode().translate(_ASCII).decode()
    return "".join(map(_sign, folded))


@lru_cache(_CHARACTERS)
def _folded(c: str) -> str:
    """One character folded: empty for diacritics, invisible format characters and surrogates; the base letter or
    letters for a changed letter or ligature; else the character itself.
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
    """Letters, digits and marks unchanged; any other character as one of `SIGNS`, or as `APART`."""
    category = unicodedata.category(c)
    if c in _APOSTROPHES:
        return "'"
    if category[0] in "LNM":
        return c
    if category == "Pd" or c in _MINUSES:
        return "-"
    return c if c in SIGNS else APART
