"""The domain's enums in the schema, with descriptions. Values that a newer version stored are returned as is."""

from enum import Enum
from typing import Any, TypeVar

import strawberry
from strawberry.schema.schema_converter import CustomGraphQLEnumType

from app.domain.model import (
    GebeurtenisSoort,
    Initiatiefnemer,
    InterneTaakStatus,
    Klantcontactrol,
    Rol,
    SoortDigitaalAdres,
    Volgorde,
)
from app.domain.refusals import BevoegdheidReden, Invoerfout, OvergangReden

E = TypeVar("E", bound=type[Enum])


def _described(enum: E, description: str, **values: str) -> E:
    strawberry.enum(enum, description=description)
    for value in enum.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = values[value.name]
    return enum


_described(
    InterneTaakStatus,
    "The status of a task (C0534).",
    TE_DOEN="To be done: it is open in its department's inbox.",
    GEDAAN="Done, or withdrawn.",
)
_described(
    Initiatiefnemer,
    "Who started the contact (C0534).",
    KLANT="The citizen.",
    GEMEENTE="The municipality.",
)
_described(
    Rol,
    "What an employee may do. With several roles they may do what any of them allows.",
    KCC="The desk: registers contacts and tasks, and handles the tasks of its own departments.",
    BEHANDELAAR="An employee of a department: has the same rights as KCC, but another screen opens first.",
    LEZER="Reads and subscribes to what its departments may see, and changes nothing: for a wall dashboard.",
    TOEZICHTHOUDER="Reads and subscribes to everything.",
)
_described(
    GebeurtenisSoort,
    "The kind of a fact: what happened to the task.",
    GEREGISTREERD="The task was created for this department.",
    GENOMEN="An employee took the task.",
    TOEGEWEZEN="The task was given to an employee.",
    TERUGGELEGD="The task was given back: it has no employee any more.",
    TOEGELICHT="A note was added to the task.",
    GEDAAN="The task was finished.",
    HEROPEND="The task was reopened: it is to be done again.",
    INGETROKKEN="The task was withdrawn by the department that registered it: the citizen hung up.",
    DOORGESTUURD="The task left this inbox for another department.",
    ONTVANGEN="The task arrived in this inbox from another department.",
    NIET_BEREIKT="An employee tried to reach the citizen, and did not.",
    TERUGBELLEN_GEVRAAGD="Nobody took the call over: the citizen is to be called back.",
    CONTACTGEGEVENS_GEWIJZIGD="Whom to call back was noted or corrected. The fact itself has none of it.",
)
_described(
    Klantcontactrol,
    "As whom somebody was in contact with the municipality.",
    KLANT="For themselves.",
    VERTEGENWOORDIGER="For somebody else.",
)
_described(
    SoortDigitaalAdres,
    "The kind of an address at which somebody can be reached.",
    TELEFOONNUMMER="A phone number that can be called back.",
    EMAIL="An e-mail address.",
    OVERIG="Another address, which is not searched.",
)
_described(
    Volgorde,
    "The order of a list.",
    LANGST_WACHTEND_EERST=(
        "Longest waiting first. Tasks: first those that are to be done, with a citizen on the line and without an "
        "employee; then by plaatsgevondenOp of the klantcontact, then by id. Contacts: by geregistreerdOp, then by "
        "id."
    ),
    NIEUWSTE_EERST="Newest first: by geregistreerdOp of the listed object, descending, then by id, descending.",
    LAATST_GEDAAN_EERST=(
        "Last finished first: by gedaanOp, descending; then the open tasks, newest first. Contacts are never "
        "finished: the same as NIEUWSTE_EERST."
    ),
)
_described(
    BevoegdheidReden,
    "Why the caller may not do something.",
    ROL="None of their roles may do this.",
    ANDERE_AFDELING="As an employee they may do this, but here it is for another department.",
)
_described(
    OvergangReden,
    "Why the state of a task does not allow something.",
    AL_GEDAAN="The task is done.",
    NIET_GEDAAN="The task is not done.",
    VAN_COLLEGA="A colleague has the task.",
    VAN_NIEMAND="Nobody has the task.",
    AL_VAN_MEDEWERKER="This employee already has the task.",
    AL_BIJ_AFDELING="This department already has the task.",
    AL_TERUGBELLEN="The citizen is already to be called back.",
    KLANT_AAN_DE_LIJN="The citizen is on the line.",
    NU_NIET_TE_WIJZIGEN="The task is in a state that only a newer version of the server knows: ask again later.",
)
_described(
    Invoerfout,
    "What is wrong with a field of an input.",
    VERPLICHT="The field is required, but blank or left out.",
    TE_LANG="The text has more code points than `maximum`, after trimming and NFC, or the list more items.",
    ONGELDIG_TEKEN="The text has a control character or a lone surrogate: `bericht` says which one and where.",
    ONGELDIGE_WAARDE=(
        "Not a UUID, the nil UUID as a chosen id, not one of the configured values, an address that is no use, or "
        "a value that does not fit the others: `bericht` says what to do."
    ),
    ONBEKEND="The department or employee does not exist.",
    INACTIEF="The department or employee is no longer active.",
    ANDERE_EENHEID="The employee belongs to another department than the task's.",
    DUBBEL="The input has the same id or address twice.",
)


def hand_out_as_stored(type_: CustomGraphQLEnumType) -> None:
    """Make an enum type return a stored text that is none of its values as is: clients must expect new values.

    Strawberry creates the type itself and offers no other way. Inputs must still be values of the schema.
    """
    known = type_.coerce_output_value

    def coerced(output_value: Any) -> str:
        is_plain = isinstance(output_value, str) and not isinstance(output_value, Enum)
        return output_value if is_plain else known(output_value)

    type_.coerce_output_value = coerced  # type: ignore[method-assign]
