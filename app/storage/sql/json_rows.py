"""Rows and keys as JSON, in the SQL of each kind of database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.storage.sql.prepared import DatabaseKind


@dataclass(frozen=True, slots=True)
class JsonSql:
    """SQL templates with which a database creates JSON from rows and reads keys from JSON."""

    array: str
    of_rows: str
    within: str
    """Wraps an array that is nested in another one."""

    items: str
    """The arrays in the JSON parameter `keys`: one row for each, with its index `n` and the array as `value`."""
    text: str
    number: str
    """The element at an index of such an array: as text, or as a whole number."""

    @classmethod
    def of(cls, kind: DatabaseKind) -> "JsonSql":
        """The templates for a kind of database."""
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
        """A SELECT of the keys for the columns `to`: `n` is the index of each key; `k0`, `k1` and so on are its
        values.
        """
        values = (
            f"{(self.number if is_number(name) else self.text).format(place=place)} AS k{place}"
            for place, name in enumerate(to)
        )
        return f"SELECT n, {', '.join(values)} FROM {self.items} AS item"  # noqa: S608 - names of our own
