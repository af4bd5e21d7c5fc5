"""The interface of every object with an id."""

from typing import Annotated, Any, ClassVar, ForwardRef

import strawberry


@strawberry.interface(description="An object with its own id. Every id is a UUID, unique among all types.")
class Node:
    """An object with an id. `record` is the class of the domain's record that the type's fields come from."""

    record: ClassVar[type]

    id: strawberry.ID = strawberry.field(
        description=(
            "A UUID in hyphenated lower case, unique among all types, so that a client's cache needs no other key."
        )
    )

    @classmethod
    def is_type_of(cls, value: object, _: object) -> bool:
        """Whether a resolved value is of this type."""
        return isinstance(value, cls.record)


def _lazy(name: str, module: str) -> Any:
    """A type that is imported only when the schema is built, because types refer to each other."""
    return Annotated[ForwardRef(name), strawberry.lazy(f"app.graphql.types.{module}")]


EenheidType = _lazy("OrganisatorischeEenheid", "eenheid")
MedewerkerType = _lazy("Medewerker", "medewerker")
BetrokkeneType = _lazy("Betrokkene", "betrokkene")
KlantcontactType = _lazy("Klantcontact", "klantcontact")
TaakType = _lazy("InterneTaak", "interne_taak")
GebeurtenisType = _lazy("Gebeurtenis", "gebeurtenis")
PostvakType = _lazy("Postvak", "postvak")
