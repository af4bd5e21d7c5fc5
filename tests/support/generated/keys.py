"""The keys (names or aliases) of fields in an answer, chosen so that fields with the same key can be merged."""

from tests.support.generated.drawing import Drawn

Identity = tuple[str, str, str]
"""The name, arguments and type of a field, as texts: fields with the same identity can be merged."""

_ALIASES = ("id", "naam", "nummer", "data", "edges", "toelichting", "_", "__typename", "Id")


class Keys:
    """Chooses the key of each field at a position. A position is the name of the type of the surrounding field:
    every key has one meaning there, whatever fragment it is in.
    """

    def __init__(self, drawn: Drawn) -> None:
        self._drawn = drawn
        self._taken: dict[str, dict[str, Identity]] = {}

    def of(self, position: str, identity: Identity) -> str:
        """The key of a field: one that it already has, its own name if that is free, or an alias."""
        taken = self._taken.setdefault(position, {})
        known = [key for key, one in taken.items() if one == identity]
        if known and not self._drawn.chance(10):
            return self._drawn.pick(known)
        key = identity[0]
        if taken.get(key, identity) != identity or self._drawn.chance(12):
            free = [alias for alias in _ALIASES if alias not in taken and alias != key]
            key = self._drawn.pick([f"a{len(taken)}", *free])
        taken[key] = identity
        return key

    def current(self, position: str, name: str) -> list[str]:
        """The arguments that a field already has at a position."""
        return [arguments for field, arguments, _ in self._taken.get(position, {}).values() if field == name]
