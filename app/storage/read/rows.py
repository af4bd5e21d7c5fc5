"""From rows to the domain's records. Each `*_COLUMNS` has the columns for a record's fields, in their order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import Column, Table

from app.domain.model import (
    Betrokkene,
    DigitaalAdres,
    Gebeurtenis,
    GebeurtenisSoort,
    Initiatiefnemer,
    InterneTaak,
    InterneTaakStatus,
    Klantcontact,
    Klantcontactrol,
    Medewerker,
    OrganisatorischeEenheid,
    Postvak,
    SoortDigitaalAdres,
)
from app.plans.shapes import Shape
from app.storage.schema import tables

E = TypeVar("E", bound=StrEnum)


def _columns(table: Table, record: type) -> tuple[Column[Any], ...]:
    return tuple(table.c[field.name] for field in fields(record))


EENHEID_COLUMNS = _columns(tables.organisatorische_eenheid, OrganisatorischeEenheid)
BETROKKENE_COLUMNS = _columns(tables.betrokkene, Betrokkene)
DIGITAAL_ADRES_COLUMNS = _columns(tables.digitaal_adres, DigitaalAdres)
TAAK_COLUMNS = _columns(tables.interne_taak, InterneTaak)
GEBEURTENIS_COLUMNS = _columns(tables.gebeurtenis, Gebeurtenis)

_STATUS = {status.value: status for status in InterneTaakStatus}
_SOORT = {soort.value: soort for soort in GebeurtenisSoort}
_INITIATIEFNEMER = {value.value: value for value in Initiatiefnemer}
_ROL = {rol.value: rol for rol in Klantcontactrol}
_SOORT_ADRES = {soort.value: soort for soort in SoortDigitaalAdres}
_INITIATIEFNEMER_OF_KLANTCONTACT = [field.name for field in fields(Klantcontact)].index("initiatiefnemer")
_AAN_DE_LIJN_OF_TAAK = [field.name for field in fields(InterneTaak)].index("klant_aan_de_lijn")
_STATUS_OF_TAAK = [field.name for field in fields(InterneTaak)].index("status")


def _read(known: Mapping[str, E], stored: str) -> E | str:
    """A value of an enum; a value that this program does not know yet stays text."""
    return known.get(stored, stored)


def eenheid(row: Sequence[Any]) -> OrganisatorischeEenheid:
    """A department from a row of EENHEID_COLUMNS."""
    id_, naam, identificatie, actief = row
    return OrganisatorischeEenheid(id_, naam, identificatie, bool(actief))


def klantcontact(row: Sequence[Any]) -> Klantcontact:
    """A contact from a row of KLANTCONTACT_COLUMNS."""
    values = list(row)
    values[_INITIATIEFNEMER_OF_KLANTCONTACT] = _read(_INITIATIEFNEMER, values[_INITIATIEFNEMER_OF_KLANTCONTACT])
    return Klantcontact(*values)


def betrokkene(row: Sequence[Any]) -> Betrokkene:
    """A betrokkene from the values of its fields, in order."""
    id_, versie, klantcontact_id, rol, *name = row
    return Betrokkene(id_, versie, klantcontact_id, _read(_ROL, rol), *name)


def digitaal_adres(row: Sequence[Any]) -> DigitaalAdres:
    """An address from the values of its fields, in order."""
    betrokkene_id, plaats, soort, adres, omschrijving = row
    return DigitaalAdres(betrokkene_id, plaats, _read(_SOORT_ADRES, soort), adres, omschrijving)


def taak(row: Sequence[Any]) -> InterneTaak:
    """A task from a row of TAAK_COLUMNS."""
    values = list(row)
    values[_AAN_DE_LIJN_OF_TAAK] = bool(values[_AAN_DE_LIJN_OF_TAAK])
    values[_STATUS_OF_TAAK] = _read(_STATUS, values[_STATUS_OF_TAAK])
    return InterneTaak(*values)


def gebeurtenis(row: Sequence[Any]) -> Gebeurtenis:
    """A fact from a row of GEBEURTENIS_COLUMNS."""
    id_, volgnummer, versie, soort, tijdstip, eenheid_id, taak_id, door_id, status, *after = row
    return Gebeurtenis(
        id_,
        volgnummer,
        versie,
        _read(_SOORT, soort),
        tijdstip,
        eenheid_id,
        taak_id,
        door_id,
        _read(_STATUS, status),
        *after,
    )


def medewerker(row: Sequence[Any]) -> Medewerker:
    """An employee from the values of its fields, in order."""
    id_, naam, actief, eenheid_id = row
    return Medewerker(id_, naam, bool(actief), eenheid_id)


def postvak(row: Sequence[Any]) -> Postvak:
    """An inbox from the values of its fields, in order."""
    return Postvak(*row)


_FROM_ROW: Mapping[type, Callable[[Sequence[Any]], Any]] = {
    OrganisatorischeEenheid: eenheid,
    Medewerker: medewerker,
    Klantcontact: klantcontact,
    Betrokkene: betrokkene,
    DigitaalAdres: digitaal_adres,
    InterneTaak: taak,
    Gebeurtenis: gebeurtenis,
    Postvak: postvak,
}

FULL_SHAPES: Mapping[str, Shape] = {
    kind.__name__: Shape(kind.__name__, tuple(field.name for field in fields(kind))) for kind in _FROM_ROW
}
"""The shape with all fields of a record, by the name of its kind; `record` reads rows of it."""

_FROM_ROW_BY_KIND = {kind.__name__: make for kind, make in _FROM_ROW.items()}


def record(kind: str, row: Sequence[Any]) -> Any:
    """The record of a kind, from a row of its shape in `FULL_SHAPES`."""
    shape = FULL_SHAPES[kind]
    return _FROM_ROW_BY_KIND[kind](row[: shape.width])


def values(record: Klantcontact | Betrokkene | DigitaalAdres | InterneTaak | Gebeurtenis) -> dict[str, Any]:
    """A record as the row to store, by column."""
    return {name: getattr(record, name) for name in FULL_SHAPES[type(record).__name__].columns}
