"""The enums of the domain in the schema, each value described. What a newer program stored stands as it is."""

from enum import Enum
from typing import Any, TypeVar

import strawberry
from strawberry.schema.schema_converter import CustomGraphQLEnumType

from app.domain.model import GebeurtenisSoort, Initiatiefnemer, InterneTaakStatus, Rol, Volgorde
from app.domain.refusals import Invoerfout

E = TypeVar("E", bound=type[Enum])


def _described(enum: E, description: str, **values: str) -> E:
    strawberry.enum(enum, description=description)
    for value in enum.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = values[value.name]
    return enum


_described(
    InterneTaakStatus,
    "How far a task is (C0534).",
    TE_DOEN="To be done: it stands open in its department's inbox.",
    GEDAAN="Done, or withdrawn.",
)
_described(
    Initiatiefnemer,
    "Who sought the contact (C0534).",
    KLANT="The citizen.",
    GEMEENTE="The municipality.",
)
_described(
    Rol,
    "What a login may do; several roles add up.",
    KCC="The desk: registers, and handles the tasks of its own departments.",
    BEHANDELAAR="An employee of a department: the same rights as KCC; the name tells which screen opens.",
    LEZER="Reads and follows what its departments may see, and changes nothing: a wall dashboard.",
    TOEZICHTHOUDER="Reads and follows everything.",
)
_described(
    GebeurtenisSoort,
    "What a fact tells of a task.",
    GEREGISTREERD="A task was created for this department.",
    GENOMEN="An employee took it.",
    TOEGEWEZEN="It was given to an employee.",
    TERUGGELEGD="It is nobody's again.",
    TOEGELICHT="A note was added.",
    GEDAAN="It was finished.",
    HEROPEND="It is to be done again.",
    INGETROKKEN="It was withdrawn by the department that sent it: the caller hung up.",
    DOORGESTUURD="It left this inbox for another department.",
    ONTVANGEN="It arrived in this inbox from another department.",
)
_described(
    Volgorde,
    "The orders in which a list can be read.",
    LANGST_WACHTEND_EERST=(
        "To be done, citizen on the line and nobody's first; then the klantcontact's geregistreerdOp, then id. Of "
        "contacts: geregistreerdOp, then id."
    ),
    NIEUWSTE_EERST="The listed object's own geregistreerdOp, descending, then id descending.",
    LAATST_GEDAAN_EERST=(
        "gedaanOp descending, the open ones after them, newest first. Contacts are never done: as NIEUWSTE_EERST."
    ),
)
_described(
    Invoerfout,
    "What is wrong with a field of an input.",
    VERPLICHT="It is required, and blank or left out.",
    TE_LANG="It has more code points than `maximum`, after trimming and NFC.",
    ONGELDIG_TEKEN="It holds a control character or a lone surrogate: `bericht` says which and where.",
    ONGELDIGE_WAARDE="It is no UUID, the nil UUID where an id is chosen, or not one of the configured values.",
    ONBEKEND="It names nothing that exists.",
    INACTIEF="It names a department or an employee that is no longer active.",
    ANDERE_EENHEID="It names an employee of another department than the task's.",
    DUBBEL="The same id stands in the input twice.",
)


def hand_out_as_stored(type_: CustomGraphQLEnumType) -> None:
    """Have an enum of the schema write a text that is none of its values as it is: enums grow, clients know that.

    Strawberry makes the type itself and offers no other way. What comes in is held to the values of the schema.
    """
    known = type_.coerce_output_value

    def coerced(output_value: Any) -> str:
        is_plain = isinstance(output_value, str) and not isinstance(output_value, Enum)
        return output_value if is_plain else known(output_value)

    type_.coerce_output_value = coerced  # type: ignore[method-assign]
