"""Filters of lists. All given conditions hold; null is as if left out."""

from dataclasses import fields
from typing import Any

import strawberry
from strawberry import UNSET

from app.domain.finding import filters
from app.domain.finding.search import read_zoektekst
from app.domain.model import InterneTaakStatus
from app.graphql.inputs.given import optional
from app.graphql.scalars import Moment

_RULE = (
    "All given conditions hold; null is as if left out. …Vanaf is inclusive, …Tot exclusive. An id that is "
    "malformed, unknown or not his finds nothing."
)
_ZOEKTEKST = (
    "Every word begins a word in {where}; letter case, diacritics and strokes do not count, punctuation "
    "separates; blank is as if left out. At most 200 code points and 10 words. Ten digits, however they are "
    "separated and with Taak, Contact or # before them, also find by either number. Words joined by an apostrophe "
    "or a hyphen, digits joined by single spaces or . - / ( ), and mixes of digits and letters of up to 8 "
    "characters are found with and without their separators; +31 and 0031 are as 0."
)


@strawberry.input(description="Conditions on the tasks of one inbox. " + _RULE)
class PostvakFilter:
    """Conditions on the tasks of an inbox."""

    status: InterneTaakStatus | None = optional("Of this status.")
    klant_aan_de_lijn: bool | None = optional("With a citizen on the line, or not.")
    toegewezen: bool | None = optional("Somebody's; false: nobody's.")
    medewerker_id: strawberry.ID | None = optional("This employee's.")
    gevraagde_handeling: str | None = optional("With exactly this requested act, after trimming and NFC.")
    zoektekst: str | None = optional(
        _ZOEKTEKST.format(where="both numbers, gevraagdeHandeling, toelichting, onderwerp or inhoud")
    )
    geregistreerd_vanaf: Moment | None = optional("Registered at or after.")
    geregistreerd_tot: Moment | None = optional("Registered before.")
    gedaan_vanaf: Moment | None = optional("Finished at or after.")
    gedaan_tot: Moment | None = optional("Finished before.")


@strawberry.input(description="Conditions on tasks. " + _RULE)
class InterneTaakFilter(PostvakFilter):
    """Conditions on tasks."""

    nummer: str | None = optional("With this number.")
    klantcontact_id: strawberry.ID | None = optional("That came of this contact.")
    klantcontact_nummer: str | None = optional("That came of the contact with this number.")
    organisatorische_eenheid_id: strawberry.ID | None = optional("In this department's inbox now.")
    verzonden_door_eenheid_id: strawberry.ID | None = optional(
        "That came of a contact that this department registered."
    )
    geregistreerd_door_id: strawberry.ID | None = optional("Registered by this employee.")


@strawberry.input(description="Conditions on contacts. " + _RULE)
class KlantcontactFilter:
    """Conditions on contacts."""

    nummer: str | None = optional("With this number.")
    kanaal: str | None = optional("By this channel.")
    medewerker_id: strawberry.ID | None = optional("Registered by this employee.")
    organisatorische_eenheid_id: strawberry.ID | None = optional("Registered by this department.")
    zoektekst: str | None = optional(_ZOEKTEKST.format(where="its number, onderwerp or inhoud"))
    geregistreerd_vanaf: Moment | None = optional("Registered at or after.")
    geregistreerd_tot: Moment | None = optional("Registered before.")


def taak_filter(given: PostvakFilter | None) -> filters.TaakFilter:
    """The domain's conditions on tasks."""
    return filters.TaakFilter(**_conditions(given))


def klantcontact_filter(given: KlantcontactFilter | None) -> filters.KlantcontactFilter:
    """The domain's conditions on contacts."""
    return filters.KlantcontactFilter(**_conditions(given))


def _conditions(given: PostvakFilter | KlantcontactFilter | None) -> dict[str, Any]:
    if not given:
        return {}
    conditions = {field.name: getattr(given, field.name) for field in fields(given)}
    zoektekst = conditions.pop("zoektekst") or None
    conditions = {name: value for name, value in conditions.items() if value not in (None, UNSET)}
    conditions["zoek"] = read_zoektekst(zoektekst)
    return conditions
