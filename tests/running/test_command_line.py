"""The command line: each command as a process of its own, beside a server on the same database."""

import asyncio
from pathlib import Path
from uuid import UUID

import jwt
import pytest
from sqlalchemy import make_url

from app.settings import Settings, SettingsWrong
from app.storage.migrations.compatibility import Program
from tests.support.commands import ROOT, Ran, run, run_anew
from tests.support.people import DEMO_KEY
from tests.support.processes import serving_process
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


async def test_schema_prints_the_published_schema_without_any_database() -> None:
    ran = await run_anew("schema")
    assert ran == Ran(0, (ROOT / "schema.graphql").read_text(), "")


async def test_settings_prints_the_page_of_the_documents_without_any_setting() -> None:
    ran = await run_anew("settings")
    assert ran == Ran(0, (ROOT / "docs" / "settings.md").read_text(), "")


async def test_migrate_builds_a_database_that_can_be_worked_on_and_may_be_run_again(empty_url: str) -> None:
    first = await run(empty_url, "migrate")
    again = await run(empty_url, "migrate")
    added = await run(empty_url, "departments", "add", "Zorg")
    assert [ran.code for ran in (first, again, added)] == [0, 0, 0]
    *steps, last = first.out.splitlines()
    # Other lines tell how far rows are filled.
    assert [line.partition(" ")[0] for line in steps if line.endswith(" s)")] == Program().known
    assert again.out.splitlines() == [last]


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
    await said(settings, "departments", "deactivate", made.upper())
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
    async with serving_process(settings, {}, **KEYED) as process:
        server = process.server
        headers = {"authorization": f"Bearer {printed.strip()}"}
        response = await server.http.post(server.graphql, json={"query": ME}, headers=headers)
    assert response.json()["data"]["ik"] == {
        "medewerker": {"naam": "Nel Nieuw"},
        "rollen": ["KCC", "LEZER"],
        "postvakken": [{"organisatorischeEenheid": {"identificatie": name}} for name in ("BUR", "KCC")],
    }


DATABASE_URL = ["OVERDRACHT_DATABASE_URL", "sqlite+aiosqlite:///", "postgresql+asyncpg://"]

ISSUER = {"oidc_issuer": "https://login.example"}
KINDS_OF_KEYS = ["TOKEN_DEMO_KEY", "TOKEN_KEY_FILE", "TOKEN_JWKS_FILE", "OIDC_ISSUER"]

# The command, its settings, and what the line that it prints has to say.
REFUSED: list[tuple[list[str], dict[str, str], list[str]]] = [
    (["serve"], {}, KINDS_OF_KEYS),
    (["serve"], KEYED | ISSUER, KINDS_OF_KEYS),
    (["serve"], {"oidc_issuer": "http://login.example"}, ["OVERDRACHT_OIDC_ISSUER", "https"]),
    (["serve"], ISSUER | {"token_algorithms": "HS256"}, ["OVERDRACHT_TOKEN_ALGORITHMS", "RS256"]),
    (["serve"], ISSUER | {"claim_rollen_map": "kcc=BAAS"}, ["OVERDRACHT_CLAIM_ROLLEN_MAP", "BAAS", "BEHANDELAAR"]),
    (["serve"], ISSUER | {"claim_eenheden_map": "VER"}, ["OVERDRACHT_CLAIM_EENHEDEN_MAP", "group=identificatie"]),
    (["serve"], KEYED | {"database_url": "mysql://user:secret@db"}, DATABASE_URL),
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
    assert [ran for ran in ended if "secret" in ran.err] == []
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


async def test_serve_refuses_a_database_that_is_not_migrated(empty_url: str) -> None:
    ran = await run(empty_url, "serve", **KEYED)
    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert "Run 'overdracht migrate' first." in ran.err.splitlines()[-1]


async def test_a_database_that_cannot_be_opened_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("No database, but a text that is long enough to be looked at." * 10)
    absent, broken = (f"sqlite+aiosqlite:///{tmp_path / path}" for path in ("nowhere/database", "text"))
    ended = await asyncio.gather(run(absent, "serve", **KEYED), run(broken, "migrate"))
    assert [ran for ran in ended if not ran.is_one_line()] == []


@pytest.mark.database("postgresql")
async def test_a_postgresql_that_cannot_be_used_is_said_in_one_line_without_the_password(empty_url: str) -> None:
    password = "een-ander-geheim"
    address = make_url(empty_url)
    ways = {
        "password authentication failed": address.set(password=password),
        "does not exist": address.set(password=address.password, database="elders"),
        "Connect call failed": address.set(password=password, port=1),
        "not known": address.set(password=password, host="nergens.invalid"),
    }
    commands = [["migrate"], ["departments", "list"], ["serve"], ["employees", "list"]]
    for (said, wrong), command in zip(ways.items(), commands, strict=True):
        ran = await run(wrong.render_as_string(hide_password=False), *command, **KEYED)
        assert ran.is_one_line("The database cannot be used: ", said), ran
        assert password not in ran.err


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite+aiosqlite:///",
        "sqlite+aiosqlite:///:memory:",
        "postgresql://user:secret@host/name",
        "postgresql+asyncpg://user:secret@host",
        "postgresql+asyncpg://user:secret@host:port/name",
        "postgresql+asyncpg:///name",
    ],
)
def test_a_url_of_no_database_is_refused_with_what_is_one(url: str) -> None:
    with pytest.raises(SettingsWrong) as refused:
        Settings.read(database_url=url)
    assert all(word in str(refused.value) for word in DATABASE_URL)
    assert "secret" not in str(refused.value)


def test_settings_that_are_shown_show_no_password() -> None:
    shown = Settings.read(database_url="postgresql+asyncpg://user:secret@host:5432/name")
    assert shown.database_url.endswith("/name")
    assert "secret" not in f"{shown!r} {shown}"
