"""The command line: each command as a process of its own, beside a server on the same database."""

import asyncio
import socket
from pathlib import Path
from uuid import UUID

import httpx
import jwt

from app.settings import Settings
from tests.support.client import PATIENCE
from tests.support.commands import ROOT, Ran, run, start
from tests.support.people import DEMO_KEY
from tests.support.server import Server
from tests.support.tokens import newcomer, signed

DEPARTMENTS = """
query { organisatorischeEenheden(zoektekst: "zor", actief: null) { id naam identificatie actief } }
"""
REGISTER = """
mutation ($id: ID!) {
  registreerKlantcontact(input: {
    onderwerp: "Dakkapel", interneTaken: [{ gevraagdeHandeling: "Terugbellen", organisatorischeEenheidId: $id }]
  }) {
    __typename ... on OngeldigeInvoer { velden { code } }
  }
}
"""
ME = """
query { ik { medewerker { naam } rollen postvakken { organisatorischeEenheid { identificatie } } } }
"""

NOBODY = "99999999-9999-4999-8999-999999999999"
KEYED = {"token_demo_key": DEMO_KEY}
TOKEN = ["token", "--subject=nel", "--name=Nel", "--eenheid=KCC", "--rol=KCC"]


async def said(settings: Settings, *args: str, **variables: str) -> str:
    """What a command printed that must succeed."""
    ran = await run(settings.database_url, *args, **variables)
    assert ran.code == 0, ran
    return ran.out


def empty(tmp_path: Path) -> str:
    """The URL of a database that is not there yet."""
    return f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite'}"


async def test_schema_prints_the_published_schema_without_any_setting(tmp_path: Path) -> None:
    ran = await run(empty(tmp_path), "schema")
    assert ran == Ran(0, (ROOT / "schema.graphql").read_text(), "")


async def test_migrate_builds_a_database_that_can_be_worked_on_and_may_be_run_again(tmp_path: Path) -> None:
    first = await run(empty(tmp_path), "migrate")
    again = await run(empty(tmp_path), "migrate")
    added = await run(empty(tmp_path), "departments", "add", "Zorg")
    assert [ran.code for ran in (first, again, added)] == [0, 0, 0]
    assert again.out == first.out


async def test_departments_are_managed_beside_a_running_server(server: Server, settings: Settings) -> None:
    desk = server.with_token(signed(newcomer("KCC")))
    carer = server.with_token(signed(newcomer("ZOR")))

    async def department() -> object:
        return (await desk.data(DEPARTMENTS))["organisatorischeEenheden"]

    made = (await said(settings, "departments", "add", "Zorg", "--identificatie", "ZOR")).strip()
    assert str(UUID(made)) == made
    assert await department() == [{"id": made, "naam": "Zorg", "identificatie": "ZOR", "actief": True}]
    await carer.data(ME)

    await said(settings, "departments", "rename", "ZOR", "Zorg en jeugd")
    await said(settings, "departments", "deactivate", made)
    assert await department() == [{"id": made, "naam": "Zorg en jeugd", "identificatie": "ZOR", "actief": False}]
    assert (await carer.post(ME)).status_code == 401
    refused = (await desk.data(REGISTER, id=made))["registreerKlantcontact"]
    assert refused == {"__typename": "OngeldigeInvoer", "velden": [{"code": "INACTIEF"}]}
    listed = await said(settings, "departments", "list")
    assert [line.split(maxsplit=3) for line in listed.splitlines() if "ZOR" in line] == [
        [made, "ZOR", "inactive", "Zorg en jeugd"]
    ]

    await said(settings, "departments", "activate", "ZOR")
    await carer.data(ME)
    registered = (await desk.data(REGISTER, id=made))["registreerKlantcontact"]
    assert registered == {"__typename": "KlantcontactGeregistreerd"}


async def test_employees_are_managed_beside_a_running_server(server: Server, settings: Settings) -> None:
    who = newcomer("VER", "BUR", rollen=("LEZER", "KCC"))
    client = server.with_token(signed(who))

    await client.data(ME)

    await said(settings, "employees", "move", who.subject, "SOC", server.eenheden["VER"])
    assert (await client.post(ME)).status_code == 401
    moved = server.with_token(signed(who, eenheden=["SOC", "VER"]))
    await moved.data(ME)

    await said(settings, "employees", "deactivate", who.subject)
    assert (await moved.post(ME)).status_code == 401
    await said(settings, "employees", "activate", who.subject)
    await moved.data(ME)

    listed = await said(settings, "employees", "list")
    [line] = [line for line in listed.splitlines() if who.subject in line]
    assert line.split(maxsplit=4) == [who.subject, "active", "KCC,LEZER", "SOC,VER", "Nel Nieuw"]


async def test_a_printed_token_is_accepted_by_the_server_that_serve_starts(settings: Settings) -> None:
    rights = ["--eenheid=BUR", "--eenheid=KCC", "--rol=KCC", "--rol=LEZER"]
    printed = await said(settings, "token", "--subject=nel@gemeente", "--name=Nel Nieuw", *rights, **KEYED)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    serving = await start(settings.database_url, "serve", port=str(port), **KEYED)
    try:
        # Connecting is tried again until it listens.
        async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=6)) as http:
            headers = {"authorization": f"Bearer {printed.strip()}"}
            response = await http.post(f"http://127.0.0.1:{port}/graphql", json={"query": ME}, headers=headers)
    finally:
        serving.terminate()
        await asyncio.wait_for(serving.communicate(), PATIENCE)
    assert response.json()["data"]["ik"] == {
        "medewerker": {"naam": "Nel Nieuw"},
        "rollen": ["KCC", "LEZER"],
        "postvakken": [{"organisatorischeEenheid": {"identificatie": name}} for name in ("BUR", "KCC")],
    }


# The command, its settings, and what the line that it prints has to say.
REFUSED: list[tuple[list[str], dict[str, str], list[str]]] = [
    (["serve"], {}, ["OVERDRACHT_TOKEN_DEMO_KEY", "OVERDRACHT_TOKEN_KEY_FILE", "OVERDRACHT_TOKEN_JWKS_FILE"]),
    (["serve"], KEYED | {"database_url": "mysql://db"}, ["OVERDRACHT_DATABASE_URL", "sqlite+aiosqlite:///"]),
    (TOKEN, {}, ["OVERDRACHT_TOKEN_DEMO_KEY"]),
    (["departments", "add", "Nog een", "--identificatie=KCC"], {}, ["identificatie"]),
    (["departments", "rename", "NOP", "Zorg"], {}, ["NOP"]),
    (["employees", "deactivate", NOBODY], {}, ["no such employee"]),
]


async def test_a_token_is_signed_with_the_algorithm_that_is_allowed(settings: Settings) -> None:
    person = ("--subject", "x", "--name", "X", "--eenheid", "VER", "--rol", "KCC")
    printed = await said(settings, "token", *person, **KEYED, token_algorithms="HS512")
    assert jwt.get_unverified_header(printed.strip())["alg"] == "HS512"


async def test_what_the_user_can_mend_is_said_in_one_line(settings: Settings) -> None:
    commands = [run(settings.database_url, *args, **variables) for args, variables, _ in REFUSED]
    ended = await asyncio.gather(*commands)
    unclear = [
        (args, ran) for (args, _, words), ran in zip(REFUSED, ended, strict=True) if not ran.is_one_line(*words)
    ]
    assert unclear == []


async def test_every_wrong_setting_is_named_with_what_it_accepts(settings: Settings) -> None:
    ran = await run(settings.database_url, "serve", **KEYED, port="http", sqlite_synchronous="OFF")
    assert ran.code == 1
    port, synchronous = sorted(ran.err.splitlines())
    assert port.startswith("OVERDRACHT_PORT: ")
    assert "the port to listen on" in port
    assert synchronous.startswith("OVERDRACHT_SQLITE_SYNCHRONOUS: ")
    assert "FULL keeps every commit" in synchronous


async def test_serve_refuses_a_database_that_is_not_migrated(tmp_path: Path) -> None:
    ran = await run(empty(tmp_path), "serve", **KEYED)
    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert "Run 'overdracht migrate' first." in ran.err.splitlines()[-1]


async def test_a_database_that_cannot_be_opened_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("No database, but a text that is long enough to be looked at." * 10)
    absent, broken = (f"sqlite+aiosqlite:///{tmp_path / path}" for path in ("nowhere/database", "text"))
    ended = await asyncio.gather(run(absent, "serve", **KEYED), run(broken, "migrate"))
    assert [ran for ran in ended if not ran.is_one_line()] == []
