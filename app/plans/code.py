"""Generates the function that turns rows into an answer, as Python source, so that it looks nothing up while it
runs.

All text in the source is generated here or is a GraphQL name: letters, digits and underscores.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from app.plans.allowance import within
from app.plans.declared import PageRequest, Row
from app.plans.outputs import (
    Connection,
    Constant,
    Cursor,
    Edges,
    Items,
    Leaf,
    Output,
    PageFact,
    PageInfoOutput,
    Record,
    Total,
)
from app.plans.shapes import Draft, Slot

Notes = Mapping[str, Callable[[str], None]]
"""The records that are read, for the processing log: by the name of a list, the callback that adds an id to it."""

LoggedColumn = Mapping[str, tuple[str, str]]
"""By the kind of a record: the column with the id to log when such a record is read, and the name of the list in
`Notes`.
"""

Write = Callable[[Sequence[Row], Notes, Sequence[PageRequest], int | None, int], Any]
"""From the rows of a root field, the callbacks that log what is read, the requested pages, the total number and the
`max_factor` to what is written: a list of objects, or a connection. Raises `TooLong` if a list without pagination
has more than `max_factor` times its assumed size.
"""

_INDENT = "    "


def listed(value: Any) -> Any:
    """The rows of a listing: inside other JSON they are a list already; NULL means no rows."""
    if isinstance(value, list):
        return value
    return [] if value is None else orjson.loads(value)


class CodeGenerator:
    """Generates the function of one root field."""

    def __init__(self, noted: LoggedColumn) -> None:
        self._noted = noted
        self._lines: list[str] = []
        self._known: dict[str, Any] = {"listed": listed, "within": within}
        self._books: dict[str, str] = {}
        self._count = 0

    def of_items(self, row: Draft, item: Record, *, is_noted: bool) -> Write:
        """The function for a root field that is one object or a list of them."""
        name = self._items(row, item, is_noted=is_noted)
        return self._finished(f"{name}(rows)")

    def of_connection(self, connection: Connection) -> Write:
        """The function for a root field that is a page."""
        name = self._connection(connection)
        return self._finished(f"{name}(rows, None, total)")

    def _finished(self, answer: str) -> Write:
        books = [f"{name} = notes[{book!r}]" for book, name in self._books.items()]
        lines = ["def write(rows, notes, pages, total, max_factor):"]
        lines += [_INDENT + line for line in (*books, *self._lines, f"return {answer}")]
        exec("\n".join(lines), self._known)  # noqa: S102 - see above
        # Removed from its own globals, so that there is no reference cycle.
        write: Write = self._known.pop("write")
        return write

    def _name(self, what: str) -> str:
        self._count += 1
        return f"{what}_{self._count}"

    def _items(self, row: Draft, item: Record, *, is_noted: bool = True) -> str:
        """Define a function from rows to objects, and return its name."""
        value = self._value(item)
        name = self._name("items")
        self._lines += [f"def {name}(rows):", *self._loop(row, value, is_noted=is_noted)]
        return name

    def _loop(self, row: Draft, value: str, *, is_noted: bool) -> list[str]:
        notes = list(self._notes(row, is_noted=is_noted))
        if not notes:
            return [f"{_INDENT}return [{value} for r in rows]"]
        return [
            f"{_INDENT}found = []",
            f"{_INDENT}for r in rows:",
            *(_INDENT * 2 + note for note in notes),
            f"{_INDENT * 2}found.append({value})",
            f"{_INDENT}return found",
        ]

    def _notes(self, draft: Draft, *, is_noted: bool = True, is_joined: bool = False) -> Iterator[str]:
        """The statements that log the records in a row."""
        if is_noted and draft.kind in self._noted:
            column, book = self._noted[draft.kind]
            note = self._books.setdefault(book, f"note_{len(self._books)}")
            value = f"r[{draft.column(column).index}]"
            yield f"if {value} is not None: {note}({value})" if is_joined else f"{note}({value})"
        for joined in draft.joined.values():
            yield from self._notes(joined, is_joined=True)

    def _value(self, output: Output) -> str:
        """The expression for a value in a row `r`."""
        match output:
            case Constant(value=value):
                return repr(value)
            case Leaf(place=place, is_flag=False):
                return self._at(place)
            case Leaf(place=place):
                return f"(None if {self._at(place)} is None else {self._at(place)} == 1)"
            case Record(fields=fields, present=present):
                written = self._object((key, self._value(value)) for key, value in fields)
                is_missing = " and ".join(f"{self._at(place)} is None" for place in present)
                return f"(None if {is_missing} else {written})" if present else written
            case Items():
                return self._listing(output)
            case Connection(place=place, parent=parent, counted=counted):
                assert place is not None  # noqa: S101 - this connection is inside a row
                assert parent is not None  # noqa: S101 - so it belongs to a record
                total = "None" if counted is None else self._at(counted)
                rows = f"listed({self._at(place)})"
                return f"{self._connection(output)}({rows}, {self._at(parent)}, {total})"

    def _listing(self, items: Items) -> str:
        name = self._items(items.row, items.item)
        rows = f"within(listed({self._at(items.place)}), {items.size} * max_factor)"
        if items.guarded:
            return f"(None if {self._at(items.place)} is None else {name}({rows}))"
        if items.sort_key is None:
            return f"{name}({rows})"
        sort_key = self._name("arranged")
        self._known[sort_key] = items.sort_key
        by = ", ".join(self._at(place) for place in items.by)
        return f"{name}(sorted({rows}, key=lambda r: {sort_key}({by})))"

    def _connection(self, connection: Connection) -> str:
        """Define a function from the rows of a page, the key of the record that it belongs to and the total number
        to a connection; return its name.
        """
        row, name = connection.row, self._name("connection")
        written = self._object((key, self._of_page(field, row)) for key, field in connection.fields)
        notes = list(self._notes(row))
        self._lines += [
            f"def {name}(rows, parent, total):",
            f"{_INDENT}page = pages[{connection.page}]",
            f"{_INDENT}page.begin(parent)",
            f"{_INDENT}more = len(rows) > page.first",
            f"{_INDENT}if more: rows = rows[:page.first]",
            *([f"{_INDENT}for r in rows:", *(_INDENT * 2 + note for note in notes)] if notes else ()),
            f"{_INDENT}return {written}",
        ]
        return name

    def _of_page(self, field: Edges | PageInfoOutput | Total | Constant, row: Draft) -> str:
        match field:
            case Edges(fields=fields):
                edge = self._object((key, self._of_edge(value, row)) for key, value in fields)
                return f"[{edge} for r in rows]"
            case PageInfoOutput(fields=facts):
                return self._object((key, self._fact(fact, row)) for key, fact in facts)
            case Total():
                return "total"
            case Constant(value=value):
                return repr(value)

    def _of_edge(self, field: Record | Constant | Cursor, row: Draft) -> str:
        return f"page.cursor(r[{row.width}:])" if isinstance(field, Cursor) else self._value(field)

    def _fact(self, fact: PageFact | Constant, row: Draft) -> str:
        if isinstance(fact, Constant):
            return repr(fact.value)
        return {
            "hasNextPage": "more",
            "hasPreviousPage": "page.has_previous",
            "startCursor": f"(page.cursor(rows[0][{row.width}:]) if rows else None)",
            "endCursor": f"(page.cursor(rows[-1][{row.width}:]) if rows else None)",
        }[fact.name]

    @staticmethod
    def _object(fields: Any) -> str:
        return "{" + ", ".join(f"{key!r}: {value}" for key, value in fields) + "}"

    @staticmethod
    def _at(place: Slot) -> str:
        return f"r[{place.index}]"
