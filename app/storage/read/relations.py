"""The kinds of record in the database: their columns, their relations, and the values that are computed
from these.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Integer, Table, distinct, func, literal_column, or_, select, union_all

from app.domain.model import InterneTaakStatus
from app.domain.relations import Relation
from app.domain.rights import WORKERS
from app.storage.schema.tables import (
    RANGEN,
    interne_taak,
    medewerker,
    medewerker_eenheid,
    metadata,
    organisatorische_eenheid,
    postvak_lease,
)
from app.storage.sql.dialects import Now, contains

ComputedColumn = Callable[[ColumnElement[str]], ColumnElement[Any]]
"""From the id of a record to a value that is computed from related records."""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record and how its table stores it. `columns` are SQL for fields that are not simply a column of
    the table, `conditions` are SQL for relations that need more than a comparison with a column, `sources` are the
    FROM of relations by a table of pairs, whose columns these may then name, and `values` are computed from the id.

    In the SQL, {t} is the alias of the record and {key} the value to compare with.
    """

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, ComputedColumn] = field(default_factory=dict)

    def column(self, name: str, alias: str) -> str:
        """The SQL of a column of the record with an alias."""
        return self.columns.get(name, "{t}." + name).format(t=alias)

    def has(self, name: str, alias: str, key: str) -> str:
        """The SQL condition that the record with an alias has a key in a column."""
        return self.conditions.get(name, self.column(name, "{t}") + " = {key}").format(t=alias, key=key)

    def source(self, names: Sequence[str], alias: str) -> str:
        """The SQL of the FROM with the record as an alias, for a relation to columns."""
        sources = [self.sources[name] for name in names if name in self.sources]
        return (sources[0] if sources else f"{self.table} AS {{t}}").format(t=alias)

    def is_number(self, name: str) -> bool:
        """Whether a column holds whole numbers."""
        table: Table = metadata.tables[self.table]
        return name in table.c and isinstance(table.c[name].type, Integer)


def longest_waiting(eenheid_id: ColumnElement[str]) -> ColumnElement[str | None]:
    """The time since which the longest waiting open task of a department waits, as a subquery: one lookup in the
    index of the inbox for each `rang`. `eenheid_id` is a column of the surrounding statement.
    """
    taak = interne_taak.c
    open_: ColumnElement[str] = literal_column(f"'{InterneTaakStatus.TE_DOEN.value}'")
    here = [taak.eenheid_id == eenheid_id, taak.status == open_]
    firsts = (
        select(func.min(taak.wachtend_sinds).label("sinds")).where(*here, taak.rang == literal_column(str(rang)))
        for rang in RANGEN
    )
    oldest = union_all(*(first.correlate(organisatorische_eenheid) for first in firsts)).subquery()
    return select(func.min(oldest.c.sinds)).scalar_subquery()


def open_in(eenheid_id: ColumnElement[str]) -> ColumnElement[int]:
    """How many active employees of a department who handle tasks have its inbox open, as a subquery. Each counts
    once.
    """
    lease, own, employee = postvak_lease.c, medewerker_eenheid.alias(), medewerker.alias()
    # A search for a role's name in the text is safe: no name of a role is part of another.
    works = or_(*(contains(employee.c.rollen, literal_column(f"'{rol.value}'")) for rol in sorted(WORKERS)))
    is_own = (own.c.medewerker_id == lease.medewerker_id) & (own.c.eenheid_id == lease.eenheid_id)
    return (
        select(func.count(distinct(lease.medewerker_id)))
        .select_from(postvak_lease.join(own, is_own).join(employee, employee.c.id == lease.medewerker_id))
        .where(lease.eenheid_id == eenheid_id, lease.geldig_tot > Now(), employee.c.actief.is_(True), works)
        .scalar_subquery()
    )


KINDS: Mapping[str, RecordKind] = {
    "OrganisatorischeEenheid": RecordKind(
        "organisatorische_eenheid",
        # The place of the department among those of the employee whose departments are read.
        columns={"plaats": "{t}_van.plaats"},
        conditions={"medewerkers": "{t}_van.medewerker_id = {key}"},
        sources={
            "medewerkers": (
                "medewerker_eenheid AS {t}_van JOIN organisatorische_eenheid AS {t} ON {t}.id = {t}_van.eenheid_id"
            )
        },
        values={"aantal_met_postvak_open": open_in},
    ),
    "Medewerker": RecordKind(
        "medewerker",
        columns={
            # The employee's first department.
            "eenheid_id": (
                "(SELECT eigen.eenheid_id FROM medewerker_eenheid AS eigen "
                "WHERE eigen.medewerker_id = {t}.id AND eigen.plaats = 0)"
            )
        },
        conditions={
            "eenheden": (
                "{t}.actief AND EXISTS (SELECT 1 FROM medewerker_eenheid AS van "
                "WHERE van.medewerker_id = {t}.id AND van.eenheid_id = {key})"
            )
        },
    ),
    "Klantcontact": RecordKind(
        "klantcontact",
        # Contacts that took place when they were registered have no moment of their own.
        columns={"plaatsgevonden_op": "coalesce({t}.plaatsgevonden_op, {t}.geregistreerd_op)"},
    ),
    "Betrokkene": RecordKind("betrokkene"),
    "DigitaalAdres": RecordKind("digitaal_adres"),
    "InterneTaak": RecordKind("interne_taak"),
    "Gebeurtenis": RecordKind("gebeurtenis"),
    "Postvak": RecordKind(
        "organisatorische_eenheid",
        columns={"id": "{t}.postvak_id", "eenheid_id": "{t}.id"},
        values={"langst_wachtend_sinds": longest_waiting},
    ),
}
"""The kinds of record, by the name of the record's class."""


def is_related(relation: Relation, keys: Sequence[str], alias: str) -> str:
    """The SQL condition that the record with an alias is related by a relation, given the SQL of the keys."""
    kind = KINDS[relation.kind]
    return " AND ".join(kind.has(name, alias, key) for name, key in zip(relation.to, keys, strict=True))


def is_related_to(relation: Relation, kind: str, this: str, other: str) -> str:
    """The SQL condition that the record with alias `other` is related to the record of a kind with alias `this`."""
    return is_related(relation, [KINDS[kind].column(name, this) for name in relation.by], other)


def source_of(relation: Relation, alias: str) -> str:
    """The SQL of the FROM of the records of a relation, as an alias."""
    return KINDS[relation.kind].source(relation.to, alias)


def order_by(relation: Relation, alias: str) -> str:
    """The ORDER BY of the records of a relation; empty if the database does not order them."""
    columns = ", ".join(KINDS[relation.kind].column(name, alias) for name in relation.order)
    return f" ORDER BY {columns}" if columns else ""
