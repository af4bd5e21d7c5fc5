"""The types by name, so that those that nest in each other need not import each other."""

from typing import Annotated, Any, ForwardRef

import strawberry


def _lazy(name: str, module: str) -> Any:
    """A type that is looked up in its module when the schema is built."""
    return Annotated[ForwardRef(name), strawberry.lazy(f"app.api.types.{module}")]


EenheidType = _lazy("OrganisatorischeEenheid", "eenheid")
MedewerkerType = _lazy("Medewerker", "medewerker")
KlantcontactType = _lazy("Klantcontact", "klantcontact")
TaakType = _lazy("InterneTaak", "interne_taak")
GebeurtenisType = _lazy("Gebeurtenis", "gebeurtenis")
PostvakType = _lazy("Postvak", "postvak")
