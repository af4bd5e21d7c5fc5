"""Contacts and tasks in four departments, in which every rule of who may read what matters by itself."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.settings import Settings
from tests.support.arrange import add_taak, done, registreer, taak
from tests.support.client import Client
from tests.support.people import BURGERZAKEN, DESK, TOEZICHTHOUDER, VERGUNNINGEN, Person
from tests.support.server import Server, settings_on
from tests.support.template import Template


def person(rollen: str, eenheden: str) -> Person:
    """The employee with these roles and departments, both joined by +; always the same one."""
    naam = f"{rollen} van {eenheden}"
    return Person(str(uuid.uuid5(uuid.NAMESPACE_OID, naam)), naam, eenheden.split("+"), rollen.split("+"))


@dataclass(frozen=True)
class Reader:
    """A row of the table below: what an employee with these roles and departments may read."""

    rollen: str
    eenheden: str
    contacts: frozenset[str]
    tasks: frozenset[str]
    inboxes: frozenset[str]

    def __str__(self) -> str:
        return f"{self.rollen} of {self.eenheden}"

    @property
    def person(self) -> Person:
        """The employee who reads."""
        return person(self.rollen, self.eenheden)


# shared    registered by KCC for VER; that task is "forwarded": VER forwarded it to BUR. So BUR may read the
# contact,           and registered "added" at it, for SOC. bare      registered by KCC without a task question
# registered by SOC for KCC inner     registered by VER for VER
_TABLE = """
rollen               departments contacts                   tasks                          inboxes

KCC                  KCC         shared+bare+question       forwarded+added+question       KCC
BEHANDELAAR          KCC         shared+bare+question       forwarded+added+question       KCC
LEZER                KCC         shared+bare+question       forwarded+added+question       KCC

KCC                  VER         shared+inner               forwarded+inner                VER
BEHANDELAAR          VER         shared+inner               forwarded+inner                VER
LEZER                VER         shared+inner               forwarded+inner                VER

KCC                  BUR         shared                     forwarded+added                BUR
BEHANDELAAR          BUR         shared                     forwarded+added                BUR
LEZER                BUR         shared                     forwarded+added                BUR

KCC                  SOC         shared+question            added+question                 SOC
BEHANDELAAR          SOC         shared+question            added+question                 SOC
LEZER                SOC         shared+question            added+question                 SOC

BEHANDELAAR          SOC+VER     shared+question+inner      forwarded+added+question+inner SOC+VER
LEZER                BUR+KCC     shared+bare+question       forwarded+added+question       BUR+KCC
KCC+LEZER            BUR         shared                     forwarded+added                BUR
TOEZICHTHOUDER       SOC         shared+bare+question+inner forwarded+added+question+inner KCC+VER+BUR+SOC
LEZER+TOEZICHTHOUDER BUR         shared+bare+question+inner forwarded+added+question+inner KCC+VER+BUR+SOC
"""


def _reader(line: str) -> Reader:
    rollen, eenheden, *reads = line.split()
    contacts, tasks, inboxes = (frozenset(names.split("+")) for names in reads)
    return Reader(rollen, eenheden, contacts, tasks, inboxes)


READERS = [_reader(line) for line in _TABLE.splitlines()[2:] if line]

IN_INBOX = {"KCC": "question", "VER": "inner", "BUR": "forwarded", "SOC": "added"}
"""The only task that is now in each department."""

_IDS = """
query {
  interneTaken { edges { node { id logboek { id postvak { id organisatorischeEenheid { identificatie } } } } } }
}
"""


@dataclass(frozen=True)
class Scene:
    """The scene on a server: ids of contacts, tasks and inboxes by name, and the task's name by id of a fact."""

    server: Server
    contacts: dict[str, str]
    tasks: dict[str, str]
    inboxes: dict[str, str]
    facts: dict[str, str]

    def as_(self, reader: Reader) -> Client:
        """A client logged in as a row of the table."""
        return self.server.as_(reader.person)


@contextmanager
def shared_settings(template: Template) -> Iterator[Settings]:
    """Settings for all tests of a module, on a copy of the template."""
    with template.copy() as url:
        yield settings_on(url)


async def arranged(server: Server) -> Scene:
    """Create the scene."""
    eenheden = server.eenheden
    desk, collega, bur = (server.as_(who) for who in (DESK, VERGUNNINGEN, BURGERZAKEN))
    shared = await registreer(desk, taak(eenheden["VER"]))
    bare = await registreer(desk)
    inner = await registreer(collega, taak(eenheden["VER"]))
    question = await registreer(server.as_(person("KCC", "SOC")), taak(eenheden["KCC"]))
    forwarded = shared["interneTaken"][0]["id"]
    await done(
        collega,
        "stuurInterneTaakDoor",
        id=forwarded,
        versie=1,
        organisatorischeEenheidId=eenheden["BUR"],
        toelichting="Dit is voor burgerzaken.",
    )
    added = await add_taak(bur, shared["id"], eenheden["SOC"])
    tasks = {
        "forwarded": forwarded,
        "added": added["id"],
        "inner": inner["interneTaken"][0]["id"],
        "question": question["interneTaken"][0]["id"],
    }
    contacts = {"shared": shared, "bare": bare, "inner": inner, "question": question}
    logged = await server.as_(TOEZICHTHOUDER).data(_IDS)
    names = {id_: name for name, id_ in tasks.items()}
    facts, inboxes = {}, {}
    for edge in logged["interneTaken"]["edges"]:
        for fact in edge["node"]["logboek"]:
            facts[fact["id"]] = names[edge["node"]["id"]]
            inboxes[fact["postvak"]["organisatorischeEenheid"]["identificatie"]] = fact["postvak"]["id"]
    return Scene(server, {name: made["id"] for name, made in contacts.items()}, tasks, inboxes, facts)
