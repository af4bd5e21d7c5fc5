"""Make the results of two servers comparable: replace ids and numbers that a server chose by names in order."""

import base64
import json
import re
from collections.abc import Collection, Sequence

from app.service.verwerkingenlog import Regel
from tests.support.client import JSON

_MADE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<!\d)[1-9]\d{9}(?!\d)")
_CURSOR = re.compile(r'"(WyJ[A-Za-z0-9_-]+)"')
"""A cursor is a JSON list that starts with a string, in base64."""


class Canonical:
    """Names for the ids and numbers that one server chose. `known` are those that it did not choose, which stay."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._names: dict[str, str] = {}

    def text(self, text: str) -> str:
        """The text, with names for all ids and numbers that the server chose."""
        return _MADE.sub(self._name, _CURSOR.sub(_opened, text))

    def noted(self, lines: Sequence[Regel]) -> JSON:
        """Lines of the processing log, with names for all ids and numbers that the server chose."""
        return json.loads(self.text(json.dumps(lines)))

    def contents(self, rows: Sequence[str]) -> list[str]:
        """Rows of tables with these names, in an order that does not depend on what the server chose."""
        ordered = sorted(rows, key=lambda row: _MADE.sub(self._masked, row))
        return [self.text(row) for row in ordered]

    def _name(self, found: re.Match[str]) -> str:
        made = found[0]
        return made if made in self._known else self._names.setdefault(made, f"made-{len(self._names)}")

    def _masked(self, found: re.Match[str]) -> str:
        return found[0] if found[0] in self._known else self._names.get(found[0], "made")


def _opened(found: re.Match[str]) -> str:
    cursor = found[1]
    return json.dumps(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
