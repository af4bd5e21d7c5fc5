"""What a list is narrowed to, in two halves: the form, which a statement is compiled for, and the values.

Two filters that give the same conditions have one form, whatever values they give them.
"""

import operator
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Table, bindparam, exists, false, literal_column, or_, select
from sqlalchemy.sql import FromClause

from app.domain.filters import KlantcontactFilter, TaakFilter, Zoekvraag
from app.domain.model import InterneTaakStatus
from app.domain.rights import Scope
from app.domain.text import is_allowed, normalised, read_uuid
from app.storage.tables import interne_taak, klantcontact
from app.storage.visibility import Viewer, klantcontact_visible, taak_visible

Condition = ColumnElement[bool]

_NOTHING = ("nothing",)
"""The form of what can find nothing: an id that is malformed, a text that could not be kept."""

_IN_FORM = ("status", "klant_aan_de_lijn", "toegewezen")
"""Conditions whose value stands in the statement: few values, and each has an index of its own."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a condition stands: about which table, and what the names of its parameters begin with."""

    table: FromClause
    prefix: str = ""

    def parameter(self, name: str, column: ColumnElement[Any]) -> BindParameter[Any]:
        """A parameter that is compared with a column."""
        return bindparam(self.prefix + name, type_=column.type)

    def viewer(self, *, sees_all: bool) -> Viewer:
        """Who looks."""
        return Viewer(sees_all, self.prefix + "eenheden")


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions on the rows of a table. `values` are those of the parameters by name."""

    table: FromClause
    form: Hashable
    values: Mapping[str, Any]
    _build: Callable[[Place], list[Condition]]

    def where(self, prefix: str = "", table: FromClause | None = None) -> list[Condition]:
        """The conditions, all of which hold. The names of the parameters begin with the prefix, so that several
        lists can stand in one statement; `table` is an alias of the table where that stands in it twice.
        """
        return self._build(Place(self.table if table is None else table, prefix))


def taak_conditions(scope: Scope, asked: TaakFilter) -> Conditions:
    """The tasks that the scope may see under a filter."""
    return _conditions(interne_taak, scope, asked, _TAAK, taak_visible, _words)


def klantcontact_conditions(scope: Scope, asked: KlantcontactFilter) -> Conditions:
    """The contacts that the scope may see under a filter."""
    return _conditions(klantcontact, scope, asked, _KLANTCONTACT, klantcontact_visible, _words_or_nummer_of_taak)


Visible = Callable[[Viewer, FromClause], Condition]
Search = Callable[[Place, Viewer, int, bool], list[Condition]]
"""Of so many words, which may be the number of something."""
Builder = Callable[[Place, str, Any], Condition]
"""A condition whose parameter has a name, or whose value stands in it."""


def _conditions(
    table: Table,
    scope: Scope,
    asked: TaakFilter | KlantcontactFilter,
    builders: Mapping[str, Builder],
    visible: Visible,
    search: Search,
) -> Conditions:
    kept = {name: _kept(name, value) for name, value in _given(asked).items()}
    if None in kept.values():
        return Conditions(table, _NOTHING, {}, lambda _: [false()])
    in_form = [(name, kept.pop(name, None)) for name in _IN_FORM]
    named = [(name, None) for name in kept]
    sees_all, count, is_nummer = scope.sees_all, len(asked.zoek.woorden), asked.zoek.nummer is not None

    def build(place: Place) -> list[Condition]:
        who = place.viewer(sees_all=sees_all)
        stated = [(name, value) for name, value in in_form if value is not None]
        given = [builders[name](place, name, value) for name, value in (*named, *stated)]
        return [visible(who, place.table), *given, *search(place, who, count, is_nummer)]

    form = (table.name, sees_all, tuple(kept), tuple(in_form), count, is_nummer)
    return Conditions(table, form, kept | _values_of_search(asked.zoek) | _values_of_scope(scope), build)


def _given(asked: TaakFilter | KlantcontactFilter) -> dict[str, Any]:
    values = {field.name: getattr(asked, field.name) for field in fields(asked) if field.name != "zoek"}
    return {name: value for name, value in values.items() if value is not None}


def _kept(name: str, value: Any) -> Any:
    """A value as it is kept; None where nothing can have it."""
    if name.endswith("_id"):
        return read_uuid(value)
    if name.endswith(("nummer", "handeling", "kanaal")):
        kept = normalised(value)
        return kept if is_allowed(kept, several_lines=False) else None
    return value


def _values_of_scope(scope: Scope) -> dict[str, Any]:
    return {} if scope.sees_all else {"eenheden": sorted(scope.eenheden)}


def _values_of_search(zoek: Zoekvraag) -> dict[str, Any]:
    # A word has no sign that means anything to LIKE.
    values = {f"woord_{nth}": f"% {word}%" for nth, word in enumerate(zoek.woorden)}
    return values if zoek.nummer is None else {**values, "gezocht_nummer": zoek.nummer}


def _words(place: Place, _: Viewer, count: int, __: bool) -> list[Condition]:
    """Every word begins a word. A task's words have both numbers."""
    column = place.table.c.zoekwoorden
    return [column.like(place.parameter(f"woord_{nth}", column)) for nth in range(count)]


def _words_or_nummer_of_taak(place: Place, who: Viewer, count: int, is_nummer: bool) -> list[Condition]:
    """Every word begins a word, or it is the number of a task that may be read."""
    words = _words(place, who, count, is_nummer)
    if not is_nummer:
        return words
    taak = interne_taak.alias()
    numbered = select(taak.c.id).where(
        taak.c.klantcontact_id == place.table.c.id,
        taak.c.nummer == place.parameter("gezocht_nummer", taak.c.nummer),
        taak_visible(who, taak),
    )
    return [or_(*words, exists(numbered))]


def _compared(column: str, compare: Callable[[Any, Any], Condition] = operator.eq) -> Builder:
    def build(place: Place, name: str, _: Any) -> Condition:
        kept = place.table.c[column]
        return compare(kept, place.parameter(name, kept))

    return build


def _of_contact(column: str) -> Builder:
    def build(place: Place, name: str, _: Any) -> Condition:
        contact = klantcontact.alias()
        kept = contact.c[column]
        same = contact.c.id == place.table.c.klantcontact_id
        return exists(select(contact.c.id).where(same, kept == place.parameter(name, kept)))

    return build


def _status(place: Place, _: str, status: InterneTaakStatus) -> Condition:
    return place.table.c.status == literal_column(f"'{status.value}'")


def _klant_aan_de_lijn(place: Place, _: str, value: bool) -> Condition:
    return place.table.c.klant_aan_de_lijn.is_(value)


def _toegewezen(place: Place, _: str, value: bool) -> Condition:
    owner = place.table.c.medewerker_id
    return owner.is_not(None) if value else owner.is_(None)


_REGISTERED: Mapping[str, Builder] = {
    "geregistreerd_vanaf": _compared("geregistreerd_op", operator.ge),
    "geregistreerd_tot": _compared("geregistreerd_op", operator.lt),
}
_TAAK: Mapping[str, Builder] = {
    "nummer": _compared("nummer"),
    "status": _status,
    "klant_aan_de_lijn": _klant_aan_de_lijn,
    "toegewezen": _toegewezen,
    "klantcontact_id": _compared("klantcontact_id"),
    "klantcontact_nummer": _of_contact("nummer"),
    "organisatorische_eenheid_id": _compared("eenheid_id"),
    "verzonden_door_eenheid_id": _of_contact("eenheid_id"),
    "geregistreerd_door_id": _compared("geregistreerd_door_id"),
    "medewerker_id": _compared("medewerker_id"),
    "gevraagde_handeling": _compared("gevraagde_handeling"),
    **_REGISTERED,
    "gedaan_vanaf": _compared("gedaan_op", operator.ge),
    "gedaan_tot": _compared("gedaan_op", operator.lt),
}
_KLANTCONTACT: Mapping[str, Builder] = {
    "nummer": _compared("nummer"),
    "kanaal": _compared("kanaal"),
    "medewerker_id": _compared("medewerker_id"),
    "organisatorische_eenheid_id": _compared("eenheid_id"),
    **_REGISTERED,
}
