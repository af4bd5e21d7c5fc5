"""How records hang together, by the names that fields declare. In the SQL {t} is the record and {o} the other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement

from app.storage.lookups import longest_waiting
from app.storage.presence import open_in

OfId = Callable[[ColumnElement[str]], ColumnElement[Any]]
"""From the id of a record to a value that is reckoned from what hangs on it."""


@dataclass(frozen=True, slots=True)
class Relation:
    """The records of a kind that hang on one: those for which `on` holds, by `order`.

    Of what is `scoped` only what the scope may see hangs on it.
    """

    kind: str
    on: str
    order: str = ""
    scoped: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: its table, its columns where they are not simply the table's, what hangs on it, and values
    that are reckoned from that by the id in the table.
    """

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)
    relations: Mapping[str, Relation] = field(default_factory=dict)
    values: Mapping[str, OfId] = field(default_factory=dict)

    def column(self, name: str, alias: str) -> str:
        """A column of the record with an alias."""
        return self.columns.get(name, "{t}." + name).format(t=alias)


def _to(kind: str, column: str) -> Relation:
    """The record whose id stands in a column."""
    return Relation(kind, f"{{o}}.id = {{t}}.{column}")


_FIRST_EENHEID = (
    "(SELECT eigen.eenheid_id FROM medewerker_eenheid AS eigen "
    "WHERE eigen.medewerker_id = {t}.id AND eigen.plaats = 0)"
)

KINDS: Mapping[str, Kind] = {
    "OrganisatorischeEenheid": Kind(
        "organisatorische_eenheid",
        relations={
            "medewerkers": Relation(
                "Medewerker",
                "{o}.actief AND EXISTS (SELECT 1 FROM medewerker_eenheid AS van "
                "WHERE van.medewerker_id = {o}.id AND van.eenheid_id = {t}.id)",
            ),
        },
        values={"aantal_met_postvak_open": open_in},
    ),
    "Medewerker": Kind(
        "medewerker",
        columns={"eenheid_id": _FIRST_EENHEID},
        relations={"organisatorische_eenheid": Relation("OrganisatorischeEenheid", "{o}.id = " + _FIRST_EENHEID)},
    ),
    "Klantcontact": Kind(
        "klantcontact",
        relations={
            "medewerker": _to("Medewerker", "medewerker_id"),
            "organisatorische_eenheid": _to("OrganisatorischeEenheid", "eenheid_id"),
            "interne_taken": Relation(
                "InterneTaak",
                "{o}.klantcontact_id = {t}.id",
                "{o}.geregistreerd_op, {o}.plaats, {o}.id",
                scoped=True,
            ),
        },
    ),
    "InterneTaak": Kind(
        "interne_taak",
        relations={
            "geregistreerd_door": _to("Medewerker", "geregistreerd_door_id"),
            "ontstaan_uit_klantcontact": _to("Klantcontact", "klantcontact_id"),
            "medewerker": _to("Medewerker", "medewerker_id"),
            "organisatorische_eenheid": _to("OrganisatorischeEenheid", "eenheid_id"),
            "gedaan_door": _to("Medewerker", "gedaan_door_id"),
            "laatste_gebeurtenis": Relation("Gebeurtenis", "{o}.taak_id = {t}.id AND {o}.versie = {t}.versie"),
            "logboek": Relation("Gebeurtenis", "{o}.taak_id = {t}.id", "{o}.versie"),
        },
    ),
    "Gebeurtenis": Kind(
        "gebeurtenis",
        relations={
            "organisatorische_eenheid": _to("OrganisatorischeEenheid", "eenheid_id"),
            "andere_organisatorische_eenheid": _to("OrganisatorischeEenheid", "andere_eenheid_id"),
            "postvak": _to("Postvak", "eenheid_id"),
            "door": _to("Medewerker", "door_id"),
            "medewerker": _to("Medewerker", "medewerker_id"),
            "interne_taak": _to("InterneTaak", "taak_id"),
        },
    ),
    "Postvak": Kind(
        "organisatorische_eenheid",
        columns={
            "id": "{t}.postvak_id",
            "eenheid_id": "{t}.id",
        },
        values={"langst_wachtend_sinds": longest_waiting},
        relations={
            "organisatorische_eenheid": Relation("OrganisatorischeEenheid", "{o}.id = {t}.id"),
            "interne_taken": Relation("InterneTaak", "{o}.eenheid_id = {t}.id", scoped=True),
        },
    ),
}
"""The kinds of record, named as the types that are written from them."""
