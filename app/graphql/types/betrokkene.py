"""The GraphQL types of whom a contact was with."""

import strawberry

from app.domain import model
from app.domain.relations import RELATIONS
from app.domain.values.limits import (
    MAX_ACHTERNAAM,
    MAX_ADRES,
    MAX_OMSCHRIJVING,
    MAX_ORGANISATIENAAM,
    MAX_VOORLETTERS,
    MAX_VOORNAAM,
    MAX_VOORVOEGSEL,
)
from app.graphql.reading.declaring import has_many, part_of_record
from app.graphql.types.node import Node
from app.transport.execution.cost import TEXT

_RELATIONS = RELATIONS["Betrokkene"]


@strawberry.type(description="The name of a person, in the parts of the national standard. At least one is there.")
class Contactnaam:
    """The name of a person."""

    voorletters: str | None = strawberry.field(
        metadata={TEXT: MAX_VOORLETTERS}, description="Initials, at most 10 code points."
    )
    voornaam: str | None = strawberry.field(
        metadata={TEXT: MAX_VOORNAAM}, description="The first name, at most 200 code points."
    )
    voorvoegsel_achternaam: str | None = strawberry.field(
        metadata={TEXT: MAX_VOORVOEGSEL},
        description="What stands before the surname, such as van der; at most 10 code points.",
    )
    achternaam: str | None = strawberry.field(
        metadata={TEXT: MAX_ACHTERNAAM}, description="The surname, at most 200 code points."
    )

    @classmethod
    def is_type_of(cls, value: object, _: object) -> bool:
        """Whether a resolved value is a name."""
        return isinstance(value, model.Contactnaam)


@strawberry.type(description="An address at which a betrokkene can be reached.")
class DigitaalAdres:
    """An address of a betrokkene."""

    record = model.DigitaalAdres

    soort_digitaal_adres: model.SoortDigitaalAdres = strawberry.field(description="Its kind.")
    adres: str = strawberry.field(
        metadata={TEXT: MAX_ADRES},
        description="The address, at most 80 code points. A phone number as + and 9 to 15 digits: +31612345678.",
    )
    omschrijving: str | None = strawberry.field(
        metadata={TEXT: MAX_OMSCHRIJVING},
        description="A note, such as when to call, at most 40 code points; null if there is none.",
    )

    @classmethod
    def is_type_of(cls, value: object, _: object) -> bool:
        """Whether a resolved value is an address."""
        return isinstance(value, cls.record)


@strawberry.type(
    description=(
        "A person or organisation at a contact, with what is needed to call back (C9167, C2984). Visible as KCC or "
        "BEHANDELAAR to the department that registered the contact, and to one in whose inbox a task of it now is "
        "that another department registered; and to a TOEZICHTHOUDER."
    )
)
class Betrokkene(Node):
    """A person or organisation at a contact."""

    record = model.Betrokkene

    versie: int = strawberry.field(description="The version: 1 at first, 1 higher with every correction.")
    rol: model.Klantcontactrol = strawberry.field(description="As whom they were in contact.")
    contactnaam: model.Contactnaam | None = part_of_record(
        "contactnaam",
        {
            "voorletters": "voorletters",
            "voornaam": "voornaam",
            "voorvoegselAchternaam": "voorvoegsel_achternaam",
            "achternaam": "achternaam",
        },
        Contactnaam | None,
        "The name of the person; null if no part of it is known.",
    )
    organisatienaam: str | None = strawberry.field(
        metadata={TEXT: MAX_ORGANISATIENAAM},
        description="The name of the organisation, at most 200 code points; null if there is none.",
    )
    digitale_adressen: list[model.DigitaalAdres] = has_many(
        _RELATIONS["digitale_adressen"],
        list[DigitaalAdres],
        "Their addresses, at most 5, in the order in which they were given.",
        size=2,
    )
