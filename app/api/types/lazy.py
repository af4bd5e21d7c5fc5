"""The types by name, so that those that nest in each other need not import each other."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from app.api.types.eenheid import OrganisatorischeEenheid
    from app.api.types.gebeurtenis import Gebeurtenis
    from app.api.types.interne_taak import InterneTaak
    from app.api.types.klantcontact import Klantcontact
    from app.api.types.medewerker import Medewerker
    from app.api.types.postvak import Postvak

EenheidType = Annotated["OrganisatorischeEenheid", strawberry.lazy("app.api.types.eenheid")]
MedewerkerType = Annotated["Medewerker", strawberry.lazy("app.api.types.medewerker")]
KlantcontactType = Annotated["Klantcontact", strawberry.lazy("app.api.types.klantcontact")]
TaakType = Annotated["InterneTaak", strawberry.lazy("app.api.types.interne_taak")]
GebeurtenisType = Annotated["Gebeurtenis", strawberry.lazy("app.api.types.gebeurtenis")]
PostvakType = Annotated["Postvak", strawberry.lazy("app.api.types.postvak")]
