"""The characters that a text may have, and the form in which a text is stored."""

import re
import unicodedata
from itertools import groupby
from typing import NamedTuple

from app.domain.values.limits import MAX_TEXT

_SPACES = " \n" + "".join(chr(c) for c in range(0x80, 0x3001) if unicodedata.category(chr(c)).startswith("Z"))
"""The characters that are trimmed: the space, the line feed and Unicode's separators (categories Zs, Zl, Zp)."""

_NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NOT_IN_LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters (category Cc) and lone surrogates (Cs); only the first of the two includes the line feed."""


_LONGEST = 4 * MAX_TEXT
"""A trimmed text of more code points is too long for any field, since NFC joins at most four into one."""


class Unwanted(NamedTuple):
    """A character that is not allowed in a text."""

    code_point: str
    """Its code point in Unicode's notation, such as U+000B."""
    position: int
    """Its position in the normalised text, in code points, counted from 1."""


def normalised(text: str) -> str:
    """The form in which a text is stored and compared: line ends as LF, tabs as a space, NFC, trimmed.

    A text that is too long for any field is not put in NFC, to save time; it is refused anyway.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip(_SPACES)
    return text if len(text) > _LONGEST else unicodedata.normalize("NFC", in_canonical_order(text)).strip(_SPACES)


def in_canonical_order(text: str) -> str:
    """The text with the combining marks on each letter in Unicode's canonical order; this keeps its meaning.

    Normalising does this as well, but its time grows with the square of the number of marks on one letter.
    """
    if text.isascii() or not any(classes := [unicodedata.combining(c) for c in text]):
        return text
    ordered: list[str] = []
    for is_mark, run in groupby(zip(classes, text, strict=True), key=lambda pair: pair[0] > 0):
        ordered.extend(c for _, c in (sorted(run, key=lambda pair: pair[0]) if is_mark else run))
    return "".join(ordered)


def is_blank(text: str) -> bool:
    """Whether a normalised text is empty, or has only separators and invisible format characters."""
    return all(unicodedata.category(c) == "Cf" or c in _SPACES for c in text)


def is_allowed(text: str, *, several_lines: bool) -> bool:
    """Whether a normalised text has no control character and no lone surrogate.

    The line feed is a control character; it is allowed with `several_lines`. Format characters, any script and
    emoji are allowed.
    """
    return first_unwanted(text, several_lines=several_lines) is None


def first_unwanted(text: str, *, several_lines: bool) -> Unwanted | None:
    """The first character of a normalised text that is not allowed in it; None if all are allowed."""
    match = (_NOT_IN_LINES if several_lines else _NOT_IN_A_LINE).search(text)
    return match and Unwanted(f"U+{ord(match[0]):04X}", match.start() + 1)
