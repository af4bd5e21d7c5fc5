"""Sharing never mixes scopes: whatever others follow, each subscriber gets what they would get alone."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st

from app.settings import Settings
from tests.support.arrange import registreer, taak
from tests.support.client import Client, Events, Stream
from tests.support.databases import KINDS
from tests.support.each import each
from tests.support.people import (
    BURGERZAKEN,
    DESK,
    EENHEDEN,
    LEZER,
    TOEZICHTHOUDER,
    VERGUNNINGEN,
    VERGUNNINGEN_COLLEGA,
    Person,
)
from tests.support.scene import person
from tests.support.server import Server, serving
from tests.support.template import Template
from tests.support.world import HANDLERS, TASKS, Deed, World, add, handle, new_world, nothing, register

PEOPLE = [
    DESK,
    VERGUNNINGEN,
    VERGUNNINGEN_COLLEGA,
    LEZER,
    BURGERZAKEN,
    TOEZICHTHOUDER,
    person("BEHANDELAAR", "VER+BUR"),
    person("LEZER", "BUR+KCC"),
]

PARTS = [
    "door { naam } medewerker { naam } andereOrganisatorischeEenheid { naam medewerkers { id } }",
    "interneTaak { status versie medewerker { id } ontstaanUitKlantcontact { interneTaken { id status } } }",
    "interneTaak @include(if: $met) { logboek { versie soort organisatorischeEenheid { naam } toelichting } }",
    "postvak { aantalTeDoen aantalNietToegewezen laatsteVolgnummer langstWachtendSinds }",
    "postvak { interneTaken(volgorde: NIEUWSTE_EERST, first: $eerste) { totalCount edges { node { id } } } }",
    "lijst: postvak @skip(if: $met) { interneTaken(filter: { status: TE_DOEN }) { totalCount } }",
    "verder: interneTaak { ontstaanUitKlantcontact { interneTaken @include(if: $met) { laatsteGebeurtenis { "
    "postvak { interneTaken(first: $eerste) { totalCount edges { node { nummer } } } } } } } }",
]
"""What may be selected of a fact. Most of it differs by scope, or by a variable."""

INBOX_FACTS = (
    "subscription %s ($id: ID!, $na: Int%s) { feit: postvak(organisatorischeEenheidId: $id, na: $na) { %s } }"
)
TASK_FACTS = "subscription %s ($id: ID!, $na: Int%s) { feit: interneTaak(id: $id, naVersie: $na) { %s } }"
ALONE = "query ($id: ID!%s) { feit: node(id: $id) { ... on Gebeurtenis { %s } } }"


@dataclass(frozen=True)
class Wish:
    """What somebody follows, how, and from how many facts before the end."""

    door: Person
    source: str
    selection: str
    met: bool
    eerste: int
    over_sse: bool
    back: int

    @property
    def variables(self) -> dict[str, object]:
        """The variables below the root field."""
        return {"met": self.met, "eerste": self.eerste}

    def defined(self, document: str, *names: str) -> str:
        """A document of this selection; a variable that it does not use it may not define."""
        types = {"met": "Boolean!", "eerste": "Int!"}
        definitions = "".join(
            f", ${name}: {type_}" for name, type_ in types.items() if f"${name}" in self.selection
        )
        return document % (*names, definitions, f"id volgnummer versie soort {self.selection}")


@dataclass
class Follower:
    """A subscriber; `place` is the position of the last fact they got."""

    wish: Wish
    client: Client
    stream: Stream | Events
    place: int

    async def reads_up_to(self, end: int) -> None:
        """Each fact that they get is what they get when they request it alone."""
        number = "volgnummer" if self.wish.source in EENHEDEN else "versie"
        while self.place < end:
            fact = (await self.stream.next())["feit"]
            self.place += 1
            assert fact[number] == self.place
            alone = await self.client.data(self.wish.defined(ALONE), **self.wish.variables | {"id": fact["id"]})
            assert fact == alone["feit"]


async def follow(stack: AsyncExitStack, world: World, wish: Wish) -> Follower:
    client, place = world.server.as_(wish.door), max(0, await world.end(wish.source) - wish.back)
    # Named for the example: what an earlier one was sent was of another world.
    document = wish.defined(INBOX_FACTS if wish.source in EENHEDEN else TASK_FACTS, world.naam)
    variables: dict[str, Any] = wish.variables | {"id": world.id(wish.source), "na": place}
    following: AbstractAsyncContextManager[Stream | Events] = (
        client.events(document, **variables) if wish.over_sse else client.follow(document, **variables)
    )
    return Follower(wish, client, await stack.enter_async_context(following), place)


async def example(server: Server, naam: str, wishes: Sequence[Wish], deeds: Sequence[Deed]) -> None:
    """The deeds, one after the other, and what each follower gets of each."""
    world = await new_world(server, naam)
    async with AsyncExitStack() as stack:
        followers = [await follow(stack, world, wish) for wish in wishes]
        for deed in (nothing, *deeds):
            await deed(world)
            ends = {source: await world.end(source) for source in {wish.source for wish in wishes}}
            await asyncio.gather(*(follower.reads_up_to(ends[follower.wish.source]) for follower in followers))


def may_follow(who: Person) -> list[str]:
    """What somebody may follow at the beginning: inboxes, and tasks by their number."""
    if who is TOEZICHTHOUDER:
        return [*HANDLERS, "0", "1"]
    readers = [{"KCC", naar} for naar in TASKS]
    return [*who.eenheden, *(str(n) for n, reads in enumerate(readers) if reads & set(who.eenheden))]


def wishes_of(selections: Sequence[str]) -> st.SearchStrategy[Wish]:
    return st.sampled_from(PEOPLE).flatmap(
        lambda who: st.builds(
            Wish,
            door=st.just(who),
            source=st.sampled_from(may_follow(who)),
            selection=st.sampled_from(selections),
            met=st.booleans(),
            eerste=st.sampled_from([200, 2]),
            over_sse=st.booleans(),
            back=st.integers(0, 2),
        )
    )


SELECTIONS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=4, unique=True).map(" ".join)
# Few documents among many followers, so that several have the same.
WISHES = st.lists(SELECTIONS, min_size=1, max_size=2).flatmap(
    lambda selections: st.lists(wishes_of(selections), min_size=4, max_size=8)
)
DEEDS = st.one_of(
    st.builds(
        partial,
        st.just(register),
        st.sampled_from(list(HANDLERS.values())),
        st.lists(st.sampled_from(list(HANDLERS)), min_size=1, max_size=3),
    ),
    st.builds(partial, st.just(add), st.sampled_from(list(HANDLERS))),
    st.builds(
        partial,
        st.just(handle),
        st.sampled_from([0, 1]),
        st.sampled_from(
            [
                "neemInterneTaak",
                "wijsInterneTaakToe",
                "wijzigInterneTaakStatus",
                "stuurInterneTaakDoor",
                "voegToelichtingToe",
            ]
        ),
    ),
)


# A failing example is short enough to be read as it is; making it shorter takes minutes.
UNHURRIED = hypothesis.settings(
    max_examples=12 // len(KINDS),
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def test_whatever_is_followed_beside_them_everybody_gets_what_they_would_get_alone(
    settings: Settings, template: Template
) -> None:
    numbers = count()

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        server = runner.run(stack.enter_async_context(serving(settings, template.eenheden)))
        for who in PEOPLE:
            runner.run(server.as_(who).data("{ ik { rollen } }"))

        @UNHURRIED
        @given(wishes=WISHES, deeds=st.lists(DEEDS, min_size=1, max_size=3))
        def try_out(wishes: Sequence[Wish], deeds: Sequence[Deed]) -> None:
            runner.run(example(server, f"Voorbeeld{next(numbers)}", wishes, deeds))

        try:
            try_out()
        finally:
            runner.run(stack.aclose())


INBOX_OF_ONE_CONTACT = """
subscription ($id: ID!, $na: Int) {
  postvak(organisatorischeEenheidId: $id, na: $na) {
    interneTaak { ontstaanUitKlantcontact { interneTaken { id } } }
  }
}
"""


async def test_of_one_fact_each_scope_sees_its_own(server: Server) -> None:
    ver, bur = server.eenheden["VER"], server.eenheden["BUR"]
    both = person("BEHANDELAAR", "VER+BUR")
    async with AsyncExitStack() as stack:
        # In turn, so that whoever is served first may see less than some and more than others.
        streams: list[tuple[Person, Stream | Events]] = []
        for who in (VERGUNNINGEN, both, LEZER, TOEZICHTHOUDER, VERGUNNINGEN_COLLEGA, both):
            client = server.as_(who)
            socket = await stack.enter_async_context(client.follow(INBOX_OF_ONE_CONTACT, id=ver, na=0))
            events = await stack.enter_async_context(client.events(INBOX_OF_ONE_CONTACT, id=ver, na=0))
            streams += [(who, socket), (who, events)]
        contact = await registreer(server.as_(DESK), taak(ver), taak(bur))
        first, second = (task["id"] for task in contact["interneTaken"])
        for who, stream in each(streams):
            fact = (await stream.next())["postvak"]
            seen = [task["id"] for task in fact["interneTaak"]["ontstaanUitKlantcontact"]["interneTaken"]]
            assert seen == ([first, second] if who in (both, TOEZICHTHOUDER) else [first])
