"""Records that are at hand: what was written and looked up in a transaction, as it stood at its commit."""

from collections.abc import Hashable
from typing import Any


class AtHand:
    """Records by their kind and key."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, Hashable], Any] = {}

    def get(self, kind: str, key: Hashable) -> Any:
        """The record of a kind with a key; None where it is not at hand."""
        return self._records.get((kind, key))
