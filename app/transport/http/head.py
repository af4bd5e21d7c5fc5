"""The head of a request: its headers, put in order once, since many of them are looked up."""

from starlette.types import Scope


class Head:
    """Headers by their names in lower case; each value is text, a character for each of its bytes."""

    __slots__ = ("_values",)

    def __init__(self, scope: Scope) -> None:
        self._values: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            self._values.setdefault(name, []).append(value)

    def get(self, name: bytes) -> str | None:
        """The value of the first header with a name; None where there is none."""
        values = self._values.get(name)
        return values[0].decode("latin-1") if values else None

    def all(self, name: bytes) -> tuple[str, ...]:
        """The values of all headers with a name, in order."""
        return tuple(value.decode("latin-1") for value in self._values.get(name, ()))

    def __contains__(self, name: bytes) -> bool:
        return name in self._values
