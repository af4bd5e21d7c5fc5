"""Requests that differ from one another in one thing each: whatever a statement that is kept must be kept by."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from app.domain.model import Gebeurtenis, InterneTaak, Klantcontact, Volgorde
from app.domain.rights import Login
from tests.support.client import JSON
from tests.support.generated.documents import Generated
from tests.support.generated.population import Population
from tests.support.generated.rules import Rules

_LISTED = "{ totalCount pageInfo { hasNextPage } edges { cursor node { id } } }"
_PAGE = "volgorde: $volgorde, first: $first, after: $after"
_PAGED = "$volgorde: Volgorde! = NIEUWSTE_EERST, $first: Int! = 50, $after: String"

_TAKEN = f"query ($filter: InterneTaakFilter, {_PAGED}) {{ interneTaken(filter: $filter, {_PAGE}) {_LISTED} }}"
_CONTACTEN = (
    f"query ($filter: KlantcontactFilter, {_PAGED}) {{ klantcontacten(filter: $filter, {_PAGE}) {_LISTED} }}"
)
_POSTVAK = f"""query ($eenheid: ID!, $filter: PostvakFilter, {_PAGED}) {{
  postvak(organisatorischeEenheidId: $eenheid) {{
    langstWachtendSinds organisatorischeEenheid {{ aantalMetPostvakOpen medewerkers {{ naam }} }}
    interneTaken(filter: $filter, {_PAGE}) {_LISTED}
  }}
}}"""
_EIGEN = f"""query ($filter: PostvakFilter, {_PAGED}) {{
  ik {{
    medewerker {{ naam }}
    postvakken {{ langstWachtendSinds interneTaken(filter: $filter, {_PAGE}) {_LISTED} }}
  }}
}}"""
_OF_FACTS = f"""query ($filter: PostvakFilter, {_PAGED}) {{
  interneTaken(first: 3) {{
    edges {{ node {{ laatsteGebeurtenis {{ postvak {{
      langstWachtendSinds interneTaken(filter: $filter, {_PAGE}) {_LISTED}
    }} }} }} }}
  }}
}}"""
_TWICE = f"""query ($eenheid: ID!, $een: PostvakFilter, $twee: PostvakFilter, $first: Int!, $size: Int!) {{
  postvak(organisatorischeEenheidId: $eenheid) {{
    een: interneTaken(filter: $een, first: $first) {_LISTED}
    twee: interneTaken(filter: $twee, first: $size) {_LISTED}
  }}
}}"""
_EENHEDEN = """query ($actief: Boolean, $zoektekst: String) {
  organisatorischeEenheden(actief: $actief, zoektekst: $zoektekst) { naam actief aantalMetPostvakOpen }
}"""
_TAAK = """{
  nummer medewerker { naam } laatsteGebeurtenis { soort door { naam } }
  gedaanDoor { naam organisatorischeEenheid { naam medewerkers { naam } } } organisatorischeEenheid { naam }
  logboek {
    versie door { organisatorischeEenheid { identificatie medewerkers { naam } } } interneTaak { logboek { soort } }
  }
  ontstaanUitKlantcontact { onderwerp interneTaken { nummer } }
}"""
_NODE = f"""query ($id: ID!) {{
  node(id: $id) {{
    __typename id
    ... on OrganisatorischeEenheid {{ naam medewerkers {{ naam }} }}
    ... on Medewerker {{ naam organisatorischeEenheid {{ naam }} }}
    ... on Klantcontact {{ onderwerp interneTaken {{ nummer }} }}
    ... on InterneTaak {_TAAK}
    ... on Gebeurtenis {{ versie interneTaak {{ nummer }} }}
    ... on Postvak {{ aantalTeDoen lijst: interneTaken(first: 2) {{ totalCount edges {{ node {{ nummer }} }} }} }}
  }}
}}"""
_ONE_TAAK = f"query ($id: ID!) {{ interneTaak(id: $id) {_TAAK} }}"
_ONE_CONTACT = "query ($id: ID!) { klantcontact(id: $id) { medewerker { naam } interneTaken { nummer } } }"
_DECIDED = """query ($met: Boolean! = true, $zonder: Boolean! = false, $of: Boolean = false) {
  kanalen @include(if: $met)
  ik { rollen @skip(if: $zonder) ...Meer @include(if: $of) postvakken { aantalTeDoen @include(if: $met) id } }
}
fragment Meer on Ik { medewerker { naam @skip(if: $zonder) id } }"""
_TWO = """query Een ($met: Boolean!) { ik { rollen medewerker @include(if: $met) { naam } } }
query Twee ($met: Boolean!) { ik { medewerker { id } rollen @include(if: $met) } }"""
_SIZED = """query ($een: Int! = 2, $twee: Int) {
  ik { postvakken { een: interneTaken(first: $een) { edges { node { logboek { versie } } } } } }
  twee: klantcontacten(first: $twee) { edges { node { interneTaken { nummer } } } }
}"""
_REGISTER = """mutation ($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) {
    ... on KlantcontactGeregistreerd { klantcontact { interneTaken { nummer } } }
    ... on Weigering { __typename bericht }
  }
}"""
_TAKE = f"""mutation ($input: NeemInterneTaakInput!) {{
  neemInterneTaak(input: $input) {{
    ... on OvergangGeweigerd {{ interneTaak {_TAAK} }}
    ... on Weigering {{ __typename bericht }}
  }}
}}"""
_TAKE_OTHERWISE = """mutation ($input: NeemInterneTaakInput!) {
  neemInterneTaak(input: $input) {
    ... on OvergangGeweigerd {
      interneTaak {
        medewerker { id actief } logboek { soort } organisatorischeEenheid { identificatie }
        ontstaanUitKlantcontact { kanaal nummer interneTaken { gevraagdeHandeling } }
      }
    }
    ... on Weigering { __typename bericht }
  }
}"""
_FACT = f"""subscription ($eenheid: ID!, $met: Boolean!) {{
  postvak(organisatorischeEenheidId: $eenheid) {{
    versie soort @include(if: $met) interneTaak {_TAAK} organisatorischeEenheid {{ aantalMetPostvakOpen }}
    postvak {{ langstWachtendSinds interneTaken(first: 2) {_LISTED} }}
  }}
}}"""


_ORDERS = [volgorde.value for volgorde in Volgorde]


@dataclass(frozen=True)
class Request:
    """A document with its variables, and who sends it; of a subscription also the fact that it is executed for."""

    document: Generated
    login: Login
    fact: Gebeurtenis | None = None


class Requests:
    """Requests over what stands."""

    def __init__(self, there: Population) -> None:
        self._there = there
        self._rules = Rules(there)
        self._several = self._login(lambda login: len(login.eenheden) == 2)
        with_tasks = {taak.medewerker_id for taak in there.taken}
        here = self._several.eenheden[1]
        self._one = self._login(
            lambda login: login.is_worker and login.eenheid_id == here and login.medewerker_id not in with_tasks
        )
        self._overseer = self._login(lambda login: login.scope.sees_all and len(login.eenheden) > 1)

    def all(self) -> list[Request]:
        """Each of them once."""
        parts = (self._taken(), self._contacten(), self._postvakken(), self._ids(), self._decided(), self._deeds())
        return [request for part in parts for request in part]

    def _taken(self) -> Iterator[Request]:
        """Of the list of tasks: every filter, every order from the beginning and from a place on, everybody."""
        filters = [*self._filters(), *self._filters_of_all_tasks()]
        yield from self._each(_TAKEN, self._several, [{"filter": one} for one in filters])
        yield from self._in_every_order(_TAKEN, "interneTaken", "x")
        yield from self._by_others(_TAKEN)

    def _contacten(self) -> Iterator[Request]:
        """Of the list of contacts: the same."""
        filters = self._filters_of_contacts()
        yield from self._each(_CONTACTEN, self._several, [{"filter": one} for one in filters])
        yield from self._in_every_order(_CONTACTEN, "klantcontacten", "x")
        yield from self._by_others(_CONTACTEN)

    def _postvakken(self) -> Iterator[Request]:
        """Of inboxes: one, those of an employee, those of facts, and one that is listed twice."""
        own = self._one.eenheid_id
        filters = self._filters()
        yield from self._each(_POSTVAK, self._several, [{"eenheid": own, "filter": one} for one in filters])
        yield from self._in_every_order(_POSTVAK, f"postvak:{own}", "x", eenheid=own)
        yield from self._each(_POSTVAK, self._overseer, [{"eenheid": id_} for id_ in self._eenheden])
        for text, login in product((_EIGEN, _OF_FACTS), (self._several, self._overseer)):
            yield from self._each(text, login, [{"filter": one} for one in filters[:5]])
            yield from self._each(text, login, [{"volgorde": order, "first": 3} for order in _ORDERS])
        both = [(filters[place], filters[-place]) for place in range(1, 4)]
        sent = [{"een": een, "twee": twee} for een, twee in (*both, *((two, one) for one, two in both))]
        sizes = [{"first": 2, "size": 5}, {"first": 5, "size": 2}]
        yield from self._each(_TWICE, self._several, [{"eenheid": own, **sizes[0], **one} for one in sent])
        yield from self._each(_TWICE, self._several, [{"eenheid": own, **sizes[1], **one} for one in sent[:1]])

    def _ids(self) -> Iterator[Request]:
        """What is looked up by an id: everything that has one, by who may see it and by who may not."""
        there, contact = self._there, self._contact
        ids = [there.eenheden[0].id, there.medewerkers[0].id, there.postvakken[0].id]
        ids += [contact.id, self._taak.id, self._fact.id, *(taak.id for taak in there.taken[:3])]
        for login in (self._one, self._several, self._overseer):
            yield from self._each(_NODE, login, [{"id": id_} for id_ in ids])
            yield from self._each(_ONE_TAAK, login, [{"id": self._taak.id}])
            yield from self._each(_ONE_CONTACT, login, [{"id": contact.id}])
        yield from self._each(
            _EENHEDEN, self._one, [{}, {"actief": None}, {"actief": False}, {"zoektekst": "a"}, {"zoektekst": "b"}]
        )

    def _decided(self) -> Iterator[Request]:
        """What variables decide: whether something is there, how long a list is, and which operation it is."""
        flags = [dict(zip(("met", "zonder", "of"), some, strict=True)) for some in product((True, False), repeat=3)]
        yield from self._each(_DECIDED, self._several, [*flags, {"met": False}, {"zonder": True}])
        sizes = [{}, {"een": 5}, {"twee": 5}, {"een": 5, "twee": 4}, {"een": 4, "twee": 5}, {"twee": 200}]
        yield from self._each(_SIZED, self._several, sizes)
        for name, met in product(("Een", "Twee"), (True, False)):
            yield Request(Generated(_TWO, name, {"met": met}), self._several)

    def _deeds(self) -> Iterator[Request]:
        """Deeds that are refused, so that nothing is changed, with more and less sent; and facts."""
        reader = self._login(lambda login: not login.is_worker)
        tasks = [{"gevraagdeHandeling": "Terugbellen", "organisatorischeEenheidId": id_} for id_ in self._eenheden]
        for some in (tasks[:1], tasks, tasks * 3):
            [request] = self._each(_REGISTER, reader, [{"input": {"onderwerp": "x", "interneTaken": some}}])
            yield request
        for text, login in product((_TAKE, _TAKE_OTHERWISE), (self._one, self._several)):
            yield from self._each(text, login, [{"input": {"id": self._taak.id}}])
        for login, met in product((self._one, self._several, self._overseer), (True, False)):
            sent = Generated(_FACT, None, {"eenheid": self._fact.eenheid_id, "met": met})
            yield Request(sent, login, self._fact)

    def _by_others(self, text: str) -> Iterator[Request]:
        for login in (self._one, self._overseer):
            given = [{}, {"zoektekst": "x"}, *({"organisatorischeEenheidId": id_} for id_ in self._eenheden)]
            yield from self._each(text, login, [{"filter": one} for one in given])

    def _each(self, text: str, login: Login, variables: Sequence[JSON]) -> list[Request]:
        return [Request(Generated(text, None, one), login) for one in variables]

    def _in_every_order(self, text: str, name: str, zoektekst: str, **given: JSON) -> Iterator[Request]:
        """A list in every order, from its beginning and from a place on; with words and without."""
        for order in _ORDERS:
            cursors = self._there.cursors[name, order]
            for after, asked in product((None, cursors[2]), ({}, {"zoektekst": zoektekst})):
                sent = {**given, "volgorde": order, "after": after, "filter": asked, "first": 3}
                yield from self._each(text, self._overseer, [sent])

    def _filters(self) -> list[JSON]:
        """On the tasks of an inbox."""
        taak, contact = self._taak, self._contact
        done = sorted(one.gedaan_op for one in self._there.taken if one.gedaan_op is not None)
        middle = {"gedaan": done[len(done) // 2], "geregistreerd": taak.geregistreerd_op}
        words = ("x", "dakkapel", "dakkapel x", "1e5-x", "0031 20", taak.nummer, contact.nummer)
        return [
            {},
            {"status": "TE_DOEN"},
            {"status": "GEDAAN"},
            {"klantAanDeLijn": True},
            {"klantAanDeLijn": False},
            {"toegewezen": True},
            {"toegewezen": False},
            {"status": "TE_DOEN", "toegewezen": False},
            {"status": "TE_DOEN", "klantAanDeLijn": True},
            {"status": "TE_DOEN", "toegewezen": True},
            {"medewerkerId": taak.medewerker_id},
            {"gevraagdeHandeling": taak.gevraagde_handeling},
            *({f"{what}Vanaf": moment} for what, moment in middle.items()),
            *({f"{what}Tot": moment} for what, moment in middle.items()),
            *({"zoektekst": one} for one in words),
        ]

    def _filters_of_all_tasks(self) -> list[JSON]:
        taak, contact = self._taak, self._contact
        return [
            {"nummer": taak.nummer},
            {"klantcontactId": contact.id},
            {"klantcontactId": "geen-uuid"},
            {"klantcontactNummer": contact.nummer},
            *({"organisatorischeEenheidId": id_} for id_ in self._eenheden),
            *({"organisatorischeEenheidId": id_, "status": "TE_DOEN"} for id_ in self._eenheden),
            *({"verzondenDoorEenheidId": id_} for id_ in self._eenheden[:2]),
            {"geregistreerdDoorId": taak.geregistreerd_door_id},
        ]

    def _filters_of_contacts(self) -> list[JSON]:
        contact = self._contact
        words = ("x", "dakkapel", "dakkapel x", "1e5-x", self._taak.nummer, contact.nummer)
        return [
            {},
            {"nummer": contact.nummer},
            {"kanaal": contact.kanaal},
            {"medewerkerId": contact.medewerker_id},
            {"medewerkerId": "geen-uuid"},
            {"geregistreerdVanaf": contact.geregistreerd_op},
            {"geregistreerdTot": contact.geregistreerd_op},
            *({"organisatorischeEenheidId": id_} for id_ in self._eenheden),
            *({"zoektekst": one} for one in words),
        ]

    @cached_property
    def _eenheden(self) -> list[str]:
        """Departments, those of the employee who has several first."""
        own = self._several.eenheden
        return [*own, *(one.id for one in self._there.eenheden if one.id not in own)]

    @cached_property
    def _taak(self) -> InterneTaak:
        """A task that a colleague has, of a contact with other tasks."""
        here = [taak for taak in self._rules.tasks(self._one) if taak.eenheid_id in self._one.eenheden]
        return next(taak for taak in here if taak.te_doen and taak.medewerker_id is not None)

    @cached_property
    def _contact(self) -> Klantcontact:
        return self._rules.contact_of(self._taak)

    @cached_property
    def _fact(self) -> Gebeurtenis:
        return next(fact for fact in self._there.feiten if fact.taak_id == self._taak.id)

    def _login(self, is_wanted: Callable[[Login], bool]) -> Login:
        return next(login for login in self._there.logins if is_wanted(login))
