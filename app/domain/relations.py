"""How records hang together: each relation once, for whoever reads what hangs on a record, in whichever way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.organisation import by_naam


@dataclass(frozen=True, slots=True)
class Relation:
    """Records of a kind that hang on a record: those whose attributes `to` equal its attributes `by`.

    It is the one record that there is, or none where a value of `by` is None; or, where they are `many`, a list in
    the order of the attributes `order`. Of what is `scoped` only what the scope may see hangs on it. A list that a
    database cannot put in order is sorted by `arranged`, which is handed the attributes `columns` of each.
    """

    name: str
    kind: str
    by: tuple[str, ...]
    to: tuple[str, ...] = ("id",)
    many: bool = False
    order: tuple[str, ...] = ()
    scoped: bool = False
    columns: tuple[str, ...] = ()
    arranged: Callable[..., Any] | None = None

    def key(self, record: Any) -> tuple[Any, ...] | None:
        """The key by which the others are found; None where there are none."""
        found = tuple(getattr(record, name) for name in self.by)
        return None if None in found else found


def _one(name: str, kind: str, *by: str, to: tuple[str, ...] = ("id",)) -> Relation:
    return Relation(name, kind, by, to)


def _of(*relations: Relation) -> Mapping[str, Relation]:
    return {relation.name: relation for relation in relations}


RELATIONS: Mapping[str, Mapping[str, Relation]] = {
    "OrganisatorischeEenheid": _of(
        # Those that are active, of whichever of their departments it is.
        Relation(
            "medewerkers",
            "Medewerker",
            ("id",),
            ("eenheden",),
            many=True,
            columns=("naam", "id"),
            arranged=by_naam,
        ),
    ),
    "Medewerker": _of(_one("organisatorische_eenheid", "OrganisatorischeEenheid", "eenheid_id")),
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
"""The relations of each kind of record, by name. A kind is named as its record."""
