"""The relations between records, each defined once for all code that loads related records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.organisation import by_naam


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation from a record to the records of kind `kind` whose attributes `to` equal its own attributes `by`.

    It leads to one record, or to none if a value of `by` is None; with `many` it leads to a list.
    """

    name: str
    kind: str
    """The name of the related record's class."""
    by: tuple[str, ...]
    to: tuple[str, ...] = ("id",)
    many: bool = False
    order: tuple[str, ...] = ()
    """The attributes that the database sorts the list by."""
    scoped: bool = False
    """Whether the related records are limited to what the caller may see."""
    guarded: bool = False
    """Whether the list as a whole is for some callers only: for others it is None, and so it is in an event."""
    columns: tuple[str, ...] = ()
    """The attributes of a related record that are always read: the arguments of `sort_key`."""
    sort_key: Callable[..., Any] | None = None
    """The sort key of a list that the database cannot sort itself."""

    def key(self, record: Any) -> tuple[Any, ...] | None:
        """The values to look related records up by; None if one of them is None, so that there are none."""
        values = tuple(getattr(record, name) for name in self.by)
        return None if None in values else values


def _one(name: str, kind: str, *by: str, to: tuple[str, ...] = ("id",)) -> Relation:
    return Relation(name, kind, by, to)


def _of(*relations: Relation) -> Mapping[str, Relation]:
    return {relation.name: relation for relation in relations}


RELATIONS: Mapping[str, Mapping[str, Relation]] = {
    "OrganisatorischeEenheid": _of(
        # The active employees who have this department among theirs, not only as their first.
        Relation(
            "medewerkers",
            "Medewerker",
            ("id",),
            ("eenheden",),
            many=True,
            columns=("naam", "id"),
            sort_key=by_naam,
        ),
    ),
    "Medewerker": _of(
        _one("organisatorische_eenheid", "OrganisatorischeEenheid", "eenheid_id"),
        # In the order of their login, so that the first one comes first.
        Relation(
            "organisatorische_eenheden",
            "OrganisatorischeEenheid",
            ("id",),
            ("medewerkers",),
            many=True,
            order=("plaats",),
        ),
    ),
    "Klantcontact": _of(
        _one("medewerker", "Medewerker", "medewerker_id"),
        _one("organisatorische_eenheid", "OrganisatorischeEenheid", "eenheid_id"),
        Relation(
            "interne_taken",
            "InterneTaak",
            ("id",),
            ("klantcontact_id",),
            many=True,
            order=("geregistreerd_op", "plaats", "id"),
            scoped=True,
        ),
        Relation(
            "betrokkenen", "Betrokkene", ("id",), ("klantcontact_id",), many=True, order=("id",), guarded=True
        ),
    ),
    "Betrokkene": _of(
        Relation(
            "digitale_adressen",
            "DigitaalAdres",
            ("id",),
            ("betrokkene_id",),
            many=True,
            order=("plaats",),
            columns=("plaats",),
        ),
    ),
    "InterneTaak": _of(
        _one("geregistreerd_door", "Medewerker", "geregistreerd_door_id"),
        _one("ontstaan_uit_klantcontact", "Klantcontact", "klantcontact_id"),
        _one("medewerker", "Medewerker", "medewerker_id"),
        _one("organisatorische_eenheid", "OrganisatorischeEenheid", "eenheid_id"),
        _one("gedaan_door", "Medewerker", "gedaan_door_id"),
        _one("laatste_gebeurtenis", "Gebeurtenis", "id", "versie", to=("taak_id", "versie")),
        Relation("logboek", "Gebeurtenis", ("id",), ("taak_id",), many=True, order=("versie",)),
    ),
    "Gebeurtenis": _of(
        _one("organisatorische_eenheid", "OrganisatorischeEenheid", "eenheid_id"),
        _one("andere_organisatorische_eenheid", "OrganisatorischeEenheid", "andere_eenheid_id"),
        _one("postvak", "Postvak", "eenheid_id", to=("eenheid_id",)),
        _one("door", "Medewerker", "door_id"),
        _one("medewerker", "Medewerker", "medewerker_id"),
        _one("interne_taak", "InterneTaak", "taak_id"),
    ),
    "Postvak": _of(
        _one("organisatorische_eenheid", "OrganisatorischeEenheid", "eenheid_id"),
        Relation("interne_taken", "InterneTaak", ("eenheid_id",), ("eenheid_id",), many=True, scoped=True),
    ),
}
"""The relations of each kind of record: by the name of its class, then by the name of the relation."""
