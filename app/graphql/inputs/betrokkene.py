"""The inputs of whom a contact was with."""

import strawberry
from strawberry import UNSET

from app.domain.calling_back.betrokkene import NieuwDigitaalAdres, NieuweBetrokkene
from app.domain.model import Klantcontactrol, SoortDigitaalAdres
from app.graphql.inputs.given import given, optional, required


@strawberry.input(description="The name of a person. Every part may be left out; each is one line.")
class ContactnaamInput:
    """The name of a person."""

    voorletters: str | None = optional("Initials, at most 10 code points.")
    voornaam: str | None = optional("The first name, at most 200 code points.")
    voorvoegsel_achternaam: str | None = optional("What stands before the surname, at most 10 code points.")
    achternaam: str | None = optional("The surname, at most 200 code points.")


@strawberry.input(description="An address at which somebody can be reached.")
class DigitaalAdresInput:
    """An address."""

    soort_digitaal_adres: SoortDigitaalAdres = required("Its kind.")
    adres: str = required(
        "The address, 1–80 code points, one line. A phone number is kept as + and 9 to 15 digits, however it is "
        "written; 0800, 0900, 0906, 0909 and 14 with an area code are refused, because nobody can call back there. "
        "An e-mail address has one @, something before it and a dot behind it."
    )
    omschrijving: str | None = optional("A note, such as when to call: at most 40 code points, one line.")


@strawberry.input(
    description=(
        "Whom a contact was with. At least one of achternaam, voornaam, organisatienaam and an address is required."
    )
)
class BetrokkeneInput:
    """Whom a contact was with."""

    rol: Klantcontactrol = strawberry.field(
        default=Klantcontactrol.KLANT, description="As whom they were in contact."
    )
    contactnaam: ContactnaamInput | None = optional("The name of the person.")
    organisatienaam: str | None = optional("The name of the organisation: at most 200 code points, one line.")
    digitale_adressen: list[DigitaalAdresInput] = strawberry.field(
        default_factory=list, description="Addresses: at most 5, none twice. The register keeps their order."
    )

    def to_domain(self) -> NieuweBetrokkene:
        """The betrokkene that this input asks for, not checked yet."""
        naam = self.contactnaam or ContactnaamInput()
        return NieuweBetrokkene(
            rol=self.rol,
            voorletters=given(naam.voorletters),
            voornaam=given(naam.voornaam),
            voorvoegsel_achternaam=given(naam.voorvoegsel_achternaam),
            achternaam=given(naam.achternaam),
            organisatienaam=given(self.organisatienaam),
            digitale_adressen=tuple(
                NieuwDigitaalAdres(adres.soort_digitaal_adres, adres.adres, given(adres.omschrijving))
                for adres in self.digitale_adressen
            ),
        )


def given_betrokkene(betrokkene: BetrokkeneInput | None) -> NieuweBetrokkene | None:
    """The betrokkene of an optional field; None if it is left out or null."""
    return None if betrokkene is None or betrokkene is UNSET else betrokkene.to_domain()
