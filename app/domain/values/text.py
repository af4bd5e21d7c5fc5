"""What a text may hold, and the form in which it is kept."""

import re
import unicodedata
from itertools import groupby
from typing import NamedTuple

from app.domain.values.limits import MAX_TEXT

_SPACES = " \n" + "".join(chr(c) for c in range(0x80, 0x3001) if unicodedata.category(chr(c)).startswith("Z"))
"""What is trimmed: the space, the line feed and the separators of Unicode (categories Zs, Zl, Zp)."""

_NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NOT_IN_LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""The control characters (category Cc), the line feed in the first only, and lone surrogates (Cs)."""


_LONGEST = 4 * MAX_TEXT
"""What is longer, trimmed, is too long for any text: NFC makes one code point of four at most."""


class Unwanted(NamedTuple):
    """A character that is not allowed in a text."""

    code_point: str
    """Which it is, as Unicode writes it: U+000B."""
    position: int
    """Where it stands, from 1, in code points of the normalised text."""


def normalised(text: str) -> str:
    """The form in which a text is kept and compared: line ends as LF, tabs as a space, NFC, trimmed.

    What is too long for any text is left as it is otherwise, and stays too long.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip(_SPACES)
    return text if len(text) > _LONGEST else unicodedata.normalize("NFC", in_canonical_order(text)).strip(_SPACES)


def in_canonical_order(text: str) -> str:
    """The text with the marks on each letter in Unicode's canonical order, which means the same.

    Normalising puts them in this order as well, but takes time with the square of how many there are on a letter.
    """
    if text.isascii() or not any(classes := [unicodedata.combining(c) for c in text]):
        return text
    ordered: list[str] = []
    for is_mark, run in groupby(zip(classes, text, strict=True), key=lambda one: one[0] > 0):
        ordered.extend(c for _, c in (sorted(run, key=lambda one: one[0]) if is_mark else run))
    return "".join(ordered)


def is_blank(text: str) -> bool:
    """Whether a normalised text shows nothing: no characters, or only separators and format characters."""
    return all(unicodedata.category(c) == "Cf" or c in _SPACES for c in text)


def is_allowed(text: str, *, several_lines: bool) -> bool:
    """Whether a normalised text holds no control character and no lone surrogate.

    The line feed is a control character as well; it is allowed where a text may have several lines. Format
    characters, any script and emoji are allowed.
    """
    return first_unwanted(text, several_lines=several_lines) is None


def first_unwanted(text: str, *, several_lines: bool) -> Unwanted | None:
    """The first character of a normalised text that is not allowed in it; None where there is none."""
    found = (_NOT_IN_LINES if several_lines else _NOT_IN_A_LINE).search(text)
    return found and Unwanted(f"U+{ord(found[0]):04X}", found.start() + 1)
