"""Values for arguments and filters, by name: mostly values of existing objects, sometimes odd values."""

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    get_nullable_type,
)
from hypothesis import strategies as st

from tests.support.client import JSON
from tests.support.generated.population import Population
from tests.support.generated.texts import WORDS
from tests.support.generated.variables import Place
from tests.support.inputs import UNKNOWN

_ODD_IDS = (UNKNOWN, "geen-uuid", "", "A" * 36)
_MOMENTS = (
    "2026-03-02T00:00:00Z",
    "2026-03-20T12:34:56.7891+02:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:60Z",
)
_SIZES = (*range(1, 7), 50, 200, 0, 201)


class Arguments:
    """Strategies for the values of arguments."""

    def __init__(self, there: Population) -> None:
        self._there = there
        self._known: dict[object, st.SearchStrategy[JSON]] = {}
        eenheden = [one.id for one in there.eenheden]
        medewerkers = [one.id for one in there.medewerkers]
        contacten = [one.id for one in there.klantcontacten]
        taken = [one.id for one in there.taken]
        self._ids: dict[object, list[str]] = {
            "organisatorischeEenheidId": eenheden,
            "organisatorischeEenheidIds": eenheden,
            "verzondenDoorEenheidId": eenheden,
            "medewerkerId": medewerkers,
            "geregistreerdDoorId": medewerkers,
            "klantcontactId": contacten,
            ("klantcontact", "id"): contacten,
            ("interneTaak", "id"): taken,
            ("node", "id"): there.ids,
        }

    def of(self, type_: GraphQLInputType, place: Place) -> st.SearchStrategy[JSON]:
        """Values of a type for an argument or input field."""
        key = (str(type_), place)
        if key not in self._known:
            self._known[key] = self._values(get_nullable_type(type_), place)
        return self._known[key]

    def after(self, field: str, order: str, eenheid_id: str | None) -> st.SearchStrategy[JSON]:
        """Cursors of a list: mostly valid ones for this list and order, if the list is known."""
        name = {"Query.interneTaken": "interneTaken", "Query.klantcontacten": "klantcontacten"}.get(field)
        own = self._there.cursors.get((name or f"postvak:{eenheid_id}", order))
        return st.sampled_from((*(own or ()), "geen-cursor") if own else (None, "geen-cursor"))

    def _values(self, type_: Any, place: Place) -> st.SearchStrategy[JSON]:
        match type_:
            case GraphQLEnumType():
                return st.sampled_from(list(type_.values))
            case GraphQLInputObjectType():
                return self._object(type_)
            case GraphQLList():
                return st.lists(self.of(type_.of_type, place), max_size=2)
        return self._scalar(type_.name, place)

    def _object(self, type_: GraphQLInputObjectType) -> st.SearchStrategy[JSON]:
        """An object with at most two of its fields: with more conditions hardly anything would match."""
        names = st.lists(st.sampled_from(list(type_.fields)), max_size=2, unique=True)
        return names.flatmap(
            lambda some: st.fixed_dictionaries(
                {name: self.of(type_.fields[name].type, (type_.name, name)) for name in some}
            )
        )

    def _scalar(self, type_: str, place: Place) -> st.SearchStrategy[JSON]:
        match type_:
            case "ID":
                ids = self._ids.get(place) or self._ids[place[1]]
                upper = [id_.upper() for id_ in ids[:2]]
                return st.sampled_from([*ids, *upper, *_ODD_IDS])
            case "Boolean":
                return st.booleans()
            case "Int":
                return st.sampled_from(_SIZES)
            case "DateTime":
                moments = [taak.geregistreerd_op for taak in self._there.taken]
                done = [taak.gedaan_op for taak in self._there.taken if taak.gedaan_op is not None]
                return st.sampled_from([*moments, *done, *_MOMENTS])
        return st.sampled_from(self._texts(place[1]))

    def _texts(self, name: str) -> list[str]:
        there = self._there
        match name:
            case "nummer" | "klantcontactNummer":
                return [*there.nummers, "0", ""]
            case "kanaal":
                return [*there.kanalen, "Postduif"]
            case "digitaalAdres":
                return [*there.adressen, "06 12345678", "a.bakker@VOORBEELD.nl", "geen adres", ""]
            case "gevraagdeHandeling":
                return [*{taak.gevraagde_handeling: None for taak in there.taken}, " Terugbellen ", "\x07"]
        return [*WORDS, *there.nummers[:9], "", " ", "ver", "x" * 201, "a b c d e f g h i j k", "dakkapel ver"]
