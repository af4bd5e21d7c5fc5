"""The names under which fields stand in an answer, so that fields which fall together can be merged."""

from tests.support.generated.drawing import Drawn

Identity = tuple[str, str, str]
"""A field, its arguments as they are written, and its type: fields that are the same in these can be merged."""

_ALIASES = ("id", "naam", "nummer", "data", "edges", "toelichting", "_", "__typename", "Id")


class Keys:
    """Gives each field of a position its key. A position is what the type of the field around it is called: there
    every key means one thing, by whatever fragments it comes.
    """

    def __init__(self, drawn: Drawn) -> None:
        self._drawn = drawn
        self._taken: dict[str, dict[str, Identity]] = {}

    def of(self, position: str, identity: Identity) -> str:
        """The key of a field: one it has already, its own name where that is free, or an alias."""
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
        """The arguments with which a field stands in a position already."""
        return [arguments for field, arguments, _ in self._taken.get(position, {}).values() if field == name]
