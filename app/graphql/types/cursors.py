"""Cursors of lists with pages: encoding and decoding a position. Independent of what is listed."""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

Values = tuple[str | int, ...]

_PLAIN = re.compile(r"[0-9A-Za-z:.-]*", re.ASCII)
MOST_OF_CURSOR = 125
"""The length of the longest cursor for the cost of an answer, in code points of four bytes. A cursor is ASCII, with
one byte for each character, so it may have four times as many characters.
"""
_MAX_LENGTH = 4 * MOST_OF_CURSOR


class CursorBroken(ValueError):
    """A cursor is malformed, or belongs to another list or order."""


@dataclass(frozen=True, slots=True)
class CursorCodec:
    """Encodes and decodes the cursors of one list in one order; if `name` is None, of any list.

    `shape` has the type of each value in a position.
    """

    name: str | None
    order: str
    shape: Sequence[type]

    def write(self, position: Sequence[str | int]) -> str:
        """Encode a position as a text that is opaque to clients."""
        text = json.dumps([self.name, self.order, *position], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def read(self, cursor: str) -> Values:
        """Decode a cursor to its position; raises `CursorBroken` if it is not a cursor of this list and order."""
        if len(cursor) > _MAX_LENGTH or not cursor.isascii():
            raise CursorBroken
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        except (binascii.Error, ValueError, RecursionError):
            raise CursorBroken from None
        if not isinstance(values, list) or values[1:2] != [self.order] or self.name not in (None, values[0]):
            raise CursorBroken
        position = tuple(values[2:])
        if len(position) != len(self.shape) or not all(map(_fits, position, self.shape)):
            raise CursorBroken
        return position


def _fits(value: object, kind: type) -> bool:
    """Whether a position's value has the right type: a bool is no int, and a text has characters of keys only."""
    if isinstance(value, str):
        return kind is str and _PLAIN.fullmatch(value) is not None
    return kind is int and type(value) is int and abs(value) < 2**31
