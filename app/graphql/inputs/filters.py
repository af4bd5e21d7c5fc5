"""The filters of lists. An object must meet all given conditions; null means no condition."""

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
    "An object must meet all given conditions; null means no condition. …Vanaf is inclusive, …Tot exclusive. With "
    "an id that is malformed, unknown or not visible to the caller the list is empty."
)
_ZOEKTEKST = (
    "Every word of this text must be the start of a word in {where}. Letter case, diacritics and strokes are "
    "ignored, punctuation separates words, and a blank text means no condition. At most 200 code points and 10 "
    "words. Ten digits, with any separators and with Taak, Contact or # before them, also match the number of the "
    "task or contact. Words joined by an apostrophe or a hyphen, digits joined by single spaces or . - / ( ), and "
    "mixes of digits and letters of up to 8 characters match with and without their separators. +31 and 0031 match "
    "0."
)


_DIGITAAL_ADRES = (
    "{whose} whom the caller may see and who has exactly this phone number or e-mail address, however it is "
    "written. Not by GET, because URLs are logged: ONGELDIG_ARGUMENT."
)


@strawberry.input(description="Conditions on the tasks of one inbox. " + _RULE)
class PostvakFilter:
    """Conditions on the tasks of an inbox."""

    status: InterneTaakStatus | None = optional("With this status.")
    klant_aan_de_lijn: bool | None = optional("True: with a citizen on the line; false: without.")
    toegewezen: bool | None = optional("True: with an employee; false: without.")
    medewerker_id: strawberry.ID | None = optional("That this employee has.")
    gevraagde_handeling: str | None = optional("With exactly this gevraagdeHandeling, after trimming and NFC.")
    zoektekst: str | None = optional(
        _ZOEKTEKST.format(where="both numbers, gevraagdeHandeling, toelichting, onderwerp or inhoud")
    )
    geregistreerd_vanaf: Moment | None = optional("Registered at or after this moment.")
    geregistreerd_tot: Moment | None = optional("Registered before this moment.")
    gedaan_vanaf: Moment | None = optional("Finished at or after this moment.")
    gedaan_tot: Moment | None = optional("Finished before this moment.")


@strawberry.input(description="Conditions on tasks. " + _RULE)
class InterneTaakFilter(PostvakFilter):
    """Conditions on tasks."""

    nummer: str | None = optional("With this number.")
    digitaal_adres: str | None = optional(
        _DIGITAAL_ADRES.format(whose="That resulted from a contact with somebody")
    )
    klantcontact_id: strawberry.ID | None = optional("That resulted from this contact.")
    klantcontact_nummer: str | None = optional("That resulted from the contact with this number.")
    organisatorische_eenheid_id: strawberry.ID | None = optional("Now in this department's inbox.")
    organisatorische_eenheid_ids: list[strawberry.ID] | None = optional(
        "Now in the inbox of one of these departments; none if the list is empty."
    )
    verzonden_door_eenheid_id: strawberry.ID | None = optional(
        "That resulted from a contact that this department registered."
    )
    geregistreerd_door_id: strawberry.ID | None = optional("Registered by this employee.")


@strawberry.input(description="Conditions on contacts. " + _RULE)
class KlantcontactFilter:
    """Conditions on contacts."""

    nummer: str | None = optional("With this number.")
    digitaal_adres: str | None = optional(_DIGITAAL_ADRES.format(whose="With somebody"))
    kanaal: str | None = optional("Through this channel.")
    medewerker_id: strawberry.ID | None = optional("Registered by this employee.")
    organisatorische_eenheid_id: strawberry.ID | None = optional("Registered by this department.")
    zoektekst: str | None = optional(_ZOEKTEKST.format(where="its number, onderwerp or inhoud"))
    geregistreerd_vanaf: Moment | None = optional("Registered at or after this moment.")
    geregistreerd_tot: Moment | None = optional("Registered before this moment.")


def taak_filter(given: PostvakFilter | None) -> filters.TaakFilter:
    """The domain's filter for this input; without input no conditions."""
    return filters.TaakFilter(**_conditions(given))


def klantcontact_filter(given: KlantcontactFilter | None) -> filters.KlantcontactFilter:
    """The domain's filter for this input; without input no conditions."""
    return filters.KlantcontactFilter(**_conditions(given))


def _conditions(given: PostvakFilter | KlantcontactFilter | None) -> dict[str, Any]:
    if not given:
        return {}
    conditions = {field.name: getattr(given, field.name) for field in fields(given)}
    zoektekst = conditions.pop("zoektekst") or None
    conditions = {name: value for name, value in conditions.items() if value not in (None, UNSET)}
    conditions["zoek"] = read_zoektekst(zoektekst)
    return conditions
