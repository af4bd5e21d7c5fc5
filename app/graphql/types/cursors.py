"""Connections: reading `first` and `after`, and the cursors. Knows nothing of what is listed."""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

Values = tuple[str | int, ...]

_PLAIN = re.compile(r"[0-9A-Za-z:.-]*", re.ASCII)
MOST_OF_CURSOR = 125
"""A quarter of the characters of the longest cursor: they are ASCII, where a code point may have four bytes."""
_MAX_LENGTH = 4 * MOST_OF_CURSOR


class CursorBroken(ValueError):
    """A cursor that is malformed, or of another list or order."""


@dataclass(frozen=True, slots=True)
class CursorCodec:
    """The cursors of one list in one order, or those of any list where it has no name. `shape` has the type of each
    value of a position.
    """

    name: str | None
    order: str
    shape: Sequence[type]

    def write(self, position: Sequence[str | int]) -> str:
        """A position as a text that means nothing to a client."""
        text = json.dumps([self.name, self.order, *position], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def read(self, cursor: str) -> Values:
        """The position of a cursor; `CursorBroken` where it is not one of this list and order."""
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
    """Whether a value can stand at its place: no bool for an int, no text that no key could be."""
    if isinstance(value, str):
        return kind is str and _PLAIN.fullmatch(value) is not None
    return kind is int and type(value) is int and abs(value) < 2**31
