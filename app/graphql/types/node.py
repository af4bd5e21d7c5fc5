"""What every object with an id has in common."""

from typing import Annotated, Any, ClassVar, ForwardRef

import strawberry


@strawberry.interface(description="An object with an id of its own. Every id is a UUID, unique over all types.")
class Node:
    """An object with an id. `record` is the domain's record that a type of the schema is resolved from."""

    record: ClassVar[type]

    id: strawberry.ID = strawberry.field(
        description="UUID in hyphenated lower case, unique over all types: a cache can be keyed by it alone."
    )

    @classmethod
    def is_type_of(cls, value: object, _: object) -> bool:
        """Whether a resolved value is of this type."""
        return isinstance(value, cls.record)


def _lazy(name: str, module: str) -> Any:
    """A type that is looked up in its module when the schema is built."""
    return Annotated[ForwardRef(name), strawberry.lazy(f"app.graphql.types.{module}")]


EenheidType = _lazy("OrganisatorischeEenheid", "eenheid")
MedewerkerType = _lazy("Medewerker", "medewerker")
KlantcontactType = _lazy("Klantcontact", "klantcontact")
TaakType = _lazy("InterneTaak", "interne_taak")
GebeurtenisType = _lazy("Gebeurtenis", "gebeurtenis")
PostvakType = _lazy("Postvak", "postvak")
