"""The conditions on a list, in two parts: the form, for which a statement is compiled, and the values.

Two filters with the same conditions have the same form, whatever their values.
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

from app.domain.calling_back.addresses import searched_form
from app.domain.finding.filters import KlantcontactFilter, TaakFilter, Zoekvraag
from app.domain.model import InterneTaakStatus
from app.domain.rights import Scope
from app.domain.values.ids import read_uuid
from app.domain.values.text import is_allowed, normalised
from app.storage.schema.tables import betrokkene, digitaal_adres, interne_taak, klantcontact
from app.storage.schema.visibility import (
    Viewer,
    betrokkenen_visible,
    klantcontact_visible,
    taak_visible,
    values_of,
)
from app.storage.sql.arrays import is_one_of
from app.storage.sql.dialects import SearchQuery, contains

Condition = ColumnElement[bool]

_STATED = ("status", "klant_aan_de_lijn", "toegewezen")
"""Conditions whose value is part of the statement. Each has only two values, and these are read in
different ways.
"""


@dataclass(frozen=True, slots=True)
class Target:
    """What a condition is about: a table or an alias of it, and the prefix of the names of its parameters."""

    table: FromClause
    prefix: str = ""

    def parameter(self, name: str, column: ColumnElement[Any]) -> BindParameter[Any]:
        """A parameter that is compared with a column."""
        return bindparam(self.prefix + name, type_=column.type)

    def word(self, nth: int, way: int) -> BindParameter[str]:
        """The parameter for one spelling of a search word, preceded by a space: `nth` counts the words, `way` the
        spellings.
        """
        return bindparam(f"{self.prefix}woord_{nth}_{way}", type_=Text)

    def search(self, kind: SearchQuery) -> BindParameter[Any]:
        """The parameter for all search words."""
        return bindparam(f"{self.prefix}zoek", type_=kind)

    def viewer(self, *, sees_all: bool) -> Viewer:
        """For whom the statement reads."""
        return Viewer(sees_all, self.prefix)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions on the rows of a table. `values` are the values of the parameters by name; they are not part of
    the form.
    """

    table: Table
    sees_all: bool
    parameters: tuple[str, ...] = ()
    """The names of the conditions whose value is a parameter."""
    literals: tuple[tuple[str, Any], ...] = ()
    """The conditions whose value is part of the statement: names and values."""
    words: int = 0
    spellings: int = 1
    """The maximum number of spellings of a search word, rounded up to a power of two."""
    is_nummer: bool = False
    """Whether the search text is the number of a task or contact: ten digits."""
    is_addressed: bool = False
    """Whether a betrokkene must have the address in the filter."""
    is_own: bool = False
    """Whether the department in the filter is one of the caller's own: they may see all of its objects."""
    is_empty: bool = False
    """Whether nothing can meet the filter."""
    values: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def form(self) -> Hashable:
        """Everything that the text of the statement depends on."""
        of = self.table.name, self.sees_all, self.is_own, self.is_empty
        return *of, self.parameters, self.literals, self.words, self.spellings, self.is_nummer, self.is_addressed

    @property
    def has_filters(self) -> bool:
        """Whether there are conditions on columns of the table other than the status."""
        given = self.parameters or self.words or self.is_addressed
        return bool(given or any(name != "status" for name, _ in self.literals))

    def where(self, prefix: str = "", table: FromClause | None = None, but: str | None = None) -> list[Condition]:
        """All conditions, to be combined with AND. The names of the parameters begin with `prefix`, so that one
        statement can contain several lists. `table` is an alias of the table if it occurs twice in the statement.
        `but` names a condition to leave out, because the caller writes it in another way.
        """
        place = Target(self.table if table is None else table, prefix)
        return [*self.visible(place), *self.filters(place, but)]

    def visible(self, place: Target) -> list[Condition]:
        """The condition that the caller may see the row; empty if that follows from the filter."""
        if self.is_own:
            return []
        return [_VISIBLE[self.table.name](place.viewer(sees_all=self.sees_all), place.table)]

    def filters(self, place: Target, but: str | None = None) -> list[Condition]:
        """The conditions of the filter, except the one named by `but`."""
        if self.is_empty:
            return [false()]
        builders = _BUILDERS[self.table.name]
        filters = [builders[name](place, name, None) for name in self.parameters]
        filters += [builders[name](place, name, value) for name, value in self.literals if name != but]
        filters += [self._addressed(place)] if self.is_addressed else []
        return filters + (self._search(place) if self.words else [])

    def words_in(self, place: Target) -> list[Condition]:
        """The conditions that every search word, in one of its spellings, begins a word of the row."""
        words = place.table.c.zoekwoorden
        return [
            or_(*(contains(words, place.word(nth, way)) for way in range(self.spellings)))
            for nth in range(self.words)
        ]

    def _addressed(self, place: Target) -> Condition:
        """The condition that a betrokkene of the contact, whom the caller may see, has the address of the filter.
        The subquery stands on its own, so that it is read first: few betrokkenen have an address.
        """
        address, contact = digitaal_adres.c, klantcontact.alias("van_adres")
        with_it = (
            select(contact.c.id)
            .join_from(digitaal_adres, betrokkene, betrokkene.c.id == address.betrokkene_id)
            .join(contact, contact.c.id == betrokkene.c.klantcontact_id)
            .where(
                address.vergeleken == place.parameter("digitaal_adres", address.vergeleken),
                betrokkenen_visible(place.viewer(sees_all=self.sees_all), contact),
            )
        )
        of_contact = place.table.c.id if self.table is klantcontact else place.table.c.klantcontact_id
        return of_contact.in_(with_it)

    def _search(self, place: Target) -> list[Condition]:
        """The conditions of the search text: every search word begins a word of the row. A contact may instead have
        a task with the number that is searched for, if the caller may see that task. For a task, its words already
        include both numbers.
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


def taak_conditions(scope: Scope, criteria: TaakFilter) -> Conditions:
    """The conditions for the tasks that the scope may see and that meet a filter."""
    return _conditions(interne_taak, scope, criteria)


def klantcontact_conditions(scope: Scope, criteria: KlantcontactFilter) -> Conditions:
    """The conditions for the contacts that the scope may see and that meet a filter."""
    return _conditions(klantcontact, scope, criteria)


def _conditions(table: Table, scope: Scope, criteria: TaakFilter | KlantcontactFilter) -> Conditions:
    values = {name: _as_stored(name, value) for name, value in _given(criteria).items()}
    if None in values.values():
        return Conditions(table, scope.sees_all, is_empty=True)
    literals = [(name, values.pop(name)) for name in _STATED if name in values]
    address = values.pop("digitaal_adres", None)
    return Conditions(
        table,
        scope.sees_all,
        parameters=tuple(values),
        literals=tuple(literals),
        words=len(criteria.zoek.woorden),
        spellings=_ways(criteria.zoek),
        is_nummer=criteria.zoek.nummer is not None,
        is_addressed=address is not None,
        is_own=values.get("organisatorische_eenheid_id") in scope.eenheden,
        values={
            **values,
            "digitaal_adres": address,
            **_values_of_search(criteria.zoek),
            **_values_of_scope(scope),
        },
    )


def _given(criteria: TaakFilter | KlantcontactFilter) -> dict[str, Any]:
    values = {field_.name: getattr(criteria, field_.name) for field_ in fields(criteria) if field_.name != "zoek"}
    return {name: value for name, value in values.items() if value is not None}


def _as_stored(name: str, value: Any) -> Any:
    """A value of a filter, normalised as it is stored in the database; None if no row can have it."""
    if name.endswith("_id"):
        return read_uuid(value)
    if name.endswith("_ids"):
        return sorted({id_ for one in value if (id_ := read_uuid(one))}) or None
    if name == "digitaal_adres":
        return searched_form(value)
    if name.endswith(("nummer", "handeling", "kanaal")):
        stored = normalised(value)
        return stored if is_allowed(stored, several_lines=False) else None
    return value


def _values_of_scope(scope: Scope) -> Mapping[str, Any]:
    return {} if scope.sees_all else values_of(scope)


def _ways(zoek: Zoekvraag) -> int:
    """The maximum number of spellings of a search word, rounded up to a power of two so that statements have few
    forms.
    """
    most = max(map(len, zoek.woorden), default=1)
    return 1 << (most - 1).bit_length()


def _values_of_search(zoek: Zoekvraag) -> dict[str, Any]:
    if not zoek.woorden:
        return {}
    values: dict[str, Any] = {"zoek": zoek.woorden}
    for nth, spellings in enumerate(zoek.woorden):
        for way in range(_ways(zoek)):
            # A space precedes each word in `zoekwoorden`. A word with fewer spellings repeats some of them.
            values[f"woord_{nth}_{way}"] = f" {spellings[way % len(spellings)]}"
    return values if zoek.nummer is None else {**values, "gezocht_nummer": zoek.nummer}


Builder = Callable[[Target, str, Any], Condition]
"""Creates a condition, from the target, the name of its parameter and, for conditions in `_STATED`, the value."""


def _compared(column: str, compare: Callable[[Any, Any], Condition] = operator.eq) -> Builder:
    def build(place: Target, name: str, _: Any) -> Condition:
        stored = place.table.c[column]
        return compare(stored, place.parameter(name, stored))

    return build


def _is_in(column: str) -> Builder:
    def build(place: Target, name: str, _: Any) -> Condition:
        return is_one_of(place.table.c[column], place.prefix + name)

    return build


def _of_contact(column: str) -> Builder:
    def build(place: Target, name: str, _: Any) -> Condition:
        contact = klantcontact.alias()
        stored = contact.c[column]
        same = contact.c.id == place.table.c.klantcontact_id
        return exists(select(contact.c.id).where(same, stored == place.parameter(name, stored)))

    return build


def _status(place: Target, _: str, status: InterneTaakStatus) -> Condition:
    return place.table.c.status == literal_column(f"'{status.value}'")


def _klant_aan_de_lijn(place: Target, _: str, value: bool) -> Condition:
    return place.table.c.klant_aan_de_lijn.is_(value)


def _toegewezen(place: Target, _: str, value: bool) -> Condition:
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
    "organisatorische_eenheid_ids": _is_in("eenheid_id"),
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
