"""What a list is narrowed to, in two halves: the form, which a statement is compiled for, and the values.

Two filters that give the same conditions have one form, whatever values they give them.
"""

import operator
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Table,
    Text,
    and_,
    bindparam,
    exists,
    false,
    literal_column,
    or_,
    select,
)
from sqlalchemy.sql import FromClause

from app.domain.finding.filters import KlantcontactFilter, TaakFilter, Zoekvraag
from app.domain.model import InterneTaakStatus
from app.domain.rights import Scope
from app.domain.values.ids import read_uuid
from app.domain.values.text import is_allowed, normalised
from app.storage.schema.tables import interne_taak, klantcontact
from app.storage.schema.visibility import Viewer, klantcontact_visible, taak_visible
from app.storage.sql.dialects import SearchQuery, contains

Condition = ColumnElement[bool]

_STATED = ("status", "klant_aan_de_lijn", "toegewezen")
"""Conditions whose value stands in the statement: there are two of each, which are read in ways of their own."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a condition stands: about which table, and what the names of its parameters begin with."""

    table: FromClause
    prefix: str = ""

    def parameter(self, name: str, column: ColumnElement[Any]) -> BindParameter[Any]:
        """A parameter that is compared with a column."""
        return bindparam(self.prefix + name, type_=column.type)

    def word(self, nth: int, way: int) -> BindParameter[str]:
        """One way to write a word that is looked for, with the space before it."""
        return bindparam(f"{self.prefix}woord_{nth}_{way}", type_=Text)

    def search(self, kind: SearchQuery) -> BindParameter[Any]:
        """All words that are looked for."""
        return bindparam(f"{self.prefix}zoek", type_=kind)

    def viewer(self, *, sees_all: bool) -> Viewer:
        """Who looks."""
        return Viewer(sees_all, self.prefix + "eenheden")


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions on the rows of a table. `values` are those of the parameters by name, and not part of the form."""

    table: Table
    sees_all: bool
    given: tuple[str, ...] = ()
    """Those whose value is a parameter."""
    stated: tuple[tuple[str, Any], ...] = ()
    """Those whose value stands in the statement."""
    words: int = 0
    ways: int = 1
    """In how many ways each word may be written."""
    is_nummer: bool = False
    """The words are ten digits."""
    is_own: bool = False
    """The department that is given is one of his own, whose objects he may all see."""
    is_empty: bool = False
    """Nothing can be found."""
    values: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def form(self) -> Hashable:
        """What the statement depends on."""
        of = self.table.name, self.sees_all, self.is_own, self.is_empty
        return *of, self.given, self.stated, self.words, self.ways, self.is_nummer

    @property
    def has_filters(self) -> bool:
        """Whether anything is asked of the columns of the table, but for the status."""
        return bool(self.given or self.words or any(name != "status" for name, _ in self.stated))

    def where(self, prefix: str = "", table: FromClause | None = None, but: str | None = None) -> list[Condition]:
        """The conditions, all of which hold. The names of the parameters begin with the prefix, so that several
        lists can stand in one statement; `table` is an alias of the table where that stands in it twice; `but` is a
        condition that is said otherwise.
        """
        place = Place(self.table if table is None else table, prefix)
        return [*self.visible(place), *self.filters(place, but)]

    def visible(self, place: Place) -> list[Condition]:
        """That he may see it, where that does not follow from the filter."""
        if self.is_own:
            return []
        return [_VISIBLE[self.table.name](place.viewer(sees_all=self.sees_all), place.table)]

    def filters(self, place: Place, but: str | None = None) -> list[Condition]:
        """That it meets the filter, but for one condition of it that is said otherwise."""
        if self.is_empty:
            return [false()]
        builders = _BUILDERS[self.table.name]
        filters = [builders[name](place, name, None) for name in self.given]
        filters += [builders[name](place, name, value) for name, value in self.stated if name != but]
        return filters + (self._search(place) if self.words else [])

    def words_in(self, place: Place) -> list[Condition]:
        """Every word begins a word, as it may be written."""
        kept = place.table.c.zoekwoorden
        return [
            or_(*(contains(kept, place.word(nth, way)) for way in range(self.ways))) for nth in range(self.words)
        ]

    def _search(self, place: Place) -> list[Condition]:
        """Every word begins a word; of a contact it may also be the number of a task that he may see. A task's
        words have both numbers.
        """
        words = self.words_in(place)
        if not self.is_nummer or self.table is interne_taak:
            return words
        numbered = interne_taak.alias()
        of_taak = select(numbered.c.id).where(
            numbered.c.klantcontact_id == place.table.c.id,
            numbered.c.nummer == place.parameter("gezocht_nummer", numbered.c.nummer),
            taak_visible(place.viewer(sees_all=self.sees_all), numbered),
        )
        return [or_(and_(*words), exists(of_taak))]


def taak_conditions(scope: Scope, asked: TaakFilter) -> Conditions:
    """The tasks that the scope may see under a filter."""
    return _conditions(interne_taak, scope, asked)


def klantcontact_conditions(scope: Scope, asked: KlantcontactFilter) -> Conditions:
    """The contacts that the scope may see under a filter."""
    return _conditions(klantcontact, scope, asked)


def _conditions(table: Table, scope: Scope, asked: TaakFilter | KlantcontactFilter) -> Conditions:
    kept = {name: _kept(name, value) for name, value in _given(asked).items()}
    if None in kept.values():
        return Conditions(table, scope.sees_all, is_empty=True)
    stated = [(name, kept.pop(name)) for name in _STATED if name in kept]
    return Conditions(
        table,
        scope.sees_all,
        given=tuple(kept),
        stated=tuple(stated),
        words=len(asked.zoek.woorden),
        ways=_ways(asked.zoek),
        is_nummer=asked.zoek.nummer is not None,
        is_own=kept.get("organisatorische_eenheid_id") in scope.eenheden,
        values={**kept, **_values_of_search(asked.zoek), **_values_of_scope(scope)},
    )


def _given(asked: TaakFilter | KlantcontactFilter) -> dict[str, Any]:
    values = {one.name: getattr(asked, one.name) for one in fields(asked) if one.name != "zoek"}
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


def _ways(zoek: Zoekvraag) -> int:
    """In how many ways each word may be written, at most: a power of two, so that statements have few forms."""
    most = max(map(len, zoek.woorden), default=1)
    return 1 << (most - 1).bit_length()


def _values_of_search(zoek: Zoekvraag) -> dict[str, Any]:
    if not zoek.woorden:
        return {}
    values: dict[str, Any] = {"zoek": zoek.woorden}
    for nth, ways in enumerate(zoek.woorden):
        for way in range(_ways(zoek)):
            # In the index of words each has a space before it. Which way is said twice is all one.
            values[f"woord_{nth}_{way}"] = f" {ways[way % len(ways)]}"
    return values if zoek.nummer is None else {**values, "gezocht_nummer": zoek.nummer}


Builder = Callable[[Place, str, Any], Condition]
"""A condition whose parameter has a name, or whose value stands in it."""


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
_BUILDERS = {"interne_taak": _TAAK, "klantcontact": _KLANTCONTACT}
_VISIBLE: Mapping[str, Callable[[Viewer, FromClause], Condition]] = {
    "interne_taak": taak_visible,
    "klantcontact": klantcontact_visible,
}
