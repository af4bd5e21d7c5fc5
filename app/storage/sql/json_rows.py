"""Rows and keys as JSON, as each database makes and reads it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.storage.sql.prepared import DatabaseKind


@dataclass(frozen=True, slots=True)
class Json:
    """How a database makes JSON of rows."""

    array: str
    of_rows: str
    within: str
    """Around an array that stands within another."""

    items: str
    """The arrays of the JSON `keys`, each as `value` with its place `n`."""
    text: str
    number: str
    """The text, or the whole number, at a place of such an array."""

    @classmethod
    def of(cls, kind: DatabaseKind) -> "Json":
        """That of a kind of database."""
        if kind == "sqlite":
            rows, within = "json_group_array({row})", "json({array})"
            item = "json_extract(value, '$[{place}]')"
            items = "(SELECT key AS n, value FROM json_each(%(keys)s))"
            return cls("json_array", rows, within, items, item, item)
        rows, within = "coalesce(json_agg({row}), '[]'::json)", "{array}"
        items = (
            "(SELECT n - 1 AS n, value FROM json_array_elements(%(keys)s::json) WITH ORDINALITY AS e (value, n))"
        )
        return cls("json_build_array", rows, within, items, "value ->> {place}", "(value ->> {place})::integer")

    def keys(self, to: Sequence[str], is_number: Callable[[str], bool]) -> str:
        """The keys that are given for columns: `n` is the place of each, `k0`, `k1` and so on are its values."""
        values = (
            f"{(self.number if is_number(name) else self.text).format(place=place)} AS k{place}"
            for place, name in enumerate(to)
        )
        return f"SELECT n, {', '.join(values)} FROM {self.items} AS item"  # noqa: S608 - names of our own
