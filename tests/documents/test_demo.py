"""The demo as a visitor starts it: a process of its own, ended and started again on the same data."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.wiring.listening import listen
from tests.support.client import Client
from tests.support.commands import run, start
from tests.support.each import each
from tests.support.server import GENEROUS, NO_AUTHORITIES

# The demo fills an embedded database.
pytestmark = pytest.mark.database("sqlite")

INBOX = """
query ($eenheid: ID!) {
  ik { medewerker { id } }
  postvak(organisatorischeEenheidId: $eenheid) {
    laatsteVolgnummer
    interneTaken { totalCount }
  }
}
"""

LIVE = """
subscription ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid, na: 0) { volgnummer } }
"""


@asynccontextmanager
async def demo(data: Path, ending: signal.Signals) -> AsyncIterator[dict[str, Any]]:
    """A running demo, from when it says that it is ready; ended by a signal."""
    process = await start("", "demo", "--port", "0", "--data", str(data))
    said = ""
    try:
        while "Ctrl-C" not in said:
            line = await asyncio.wait_for(process.stdout.readline(), GENEROUS)
            assert line, f"the demo ended: {said}"
            said += line.decode()
        yield json.loads((data / "demo.json").read_text()) | {"said": said}
    finally:
        process.send_signal(ending)
        rest = await asyncio.wait_for(process.communicate(), GENEROUS)
    assert "Traceback" not in said + b"".join(rest).decode()
    if ending is signal.SIGINT:
        assert process.returncode == 0


async def login_of(http: httpx.AsyncClient, facts: dict[str, Any]) -> str:
    """How one logs in to the screens, which the demo names before anything else."""
    assert facts["said"].split("De schermen: ")[1].startswith(f"{facts['screens']}\n")
    assert facts["said"].index("De schermen") < facts["said"].index("Case C0534")
    login: str = (await http.get(f"{facts['screens']}config.json")).json()["login"]
    return login


async def test_the_demo_is_ready_keeps_its_data_and_survives_being_killed(tmp_path: Path) -> None:
    counts = []
    for ending in (signal.SIGINT, signal.SIGKILL, signal.SIGINT):
        async with demo(tmp_path / "data", ending) as facts, httpx.AsyncClient(verify=NO_AUTHORITIES) as http:
            assert "Het open postvak toont: GEREGISTREERD" in facts["said"]
            assert list(facts["tokens"]) == list(facts["medewerkers"])
            assert await login_of(http, facts) == "demo"
            eenheid = facts["eenheden"]["vergunningen"]
            for key in ("vergunningen", "vergunningen_collega", "lezer", "toezichthouder"):
                client = Client(http, facts["url"], facts["ws"], facts["tokens"][key])
                answer = await client.data(INBOX, eenheid=eenheid)
                assert answer["ik"]["medewerker"]["id"] == facts["medewerkers"][key]
            counts.append((answer["postvak"]["interneTaken"]["totalCount"], answer["postvak"]["laatsteVolgnummer"]))
            async with client.follow(LIVE, eenheid=eenheid) as inbox:
                seen = [(await inbox.next())["postvak"]["volgnummer"] for _ in range(counts[-1][1])]
            assert seen == list(range(1, counts[-1][1] + 1))
    # Each start plays the case once more: one task, three facts; everything else was kept.
    tasks, facts_before = counts[0]
    assert counts == [(tasks + n, facts_before + 3 * n) for n in range(3)]


async def test_the_demo_starts_again_when_an_employee_of_the_case_was_deactivated(tmp_path: Path) -> None:
    async with demo(tmp_path / "data", signal.SIGINT) as facts:
        gone = facts["medewerkers"]["vergunningen"]
    url = f"sqlite+aiosqlite:///{tmp_path / 'data' / 'overdracht.sqlite'}"
    assert (await run(url, "employees", "deactivate", gone)).code == 0
    async with demo(tmp_path / "data", signal.SIGINT) as facts, httpx.AsyncClient(verify=NO_AUTHORITIES) as http:
        assert "kan met deze gegevens niet worden gespeeld" in facts["said"]
        await Client(http, facts["url"], facts["ws"], facts["tokens"]["desk"]).data("{ kanalen }")


async def test_what_the_demo_cannot_do_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        ended = await asyncio.gather(
            run("", "demo", "--data", str(tmp_path / "file")),
            run("", "demo", "--data", str(tmp_path / "a"), "--port", port),
            run("", "demo", "--data", str(tmp_path / "b"), port="abc"),
        )
    assert [ran for ran in ended if not ran.is_one_line()] == []
    assert "OVERDRACHT_PORT" in ended[2].err


async def test_what_the_demo_says_to_copy_works(tmp_path: Path) -> None:
    async with demo(tmp_path / "data", signal.SIGINT) as facts:
        written = (tmp_path / "data" / "verwerkingenlog.jsonl").read_text()
        assert '"actieNaam":"wijzigen"' in written, "who did what is not said between what a visitor reads"
        assert "actieNaam" not in facts["said"]
        commands = [line[line.index("curl") :] for line in facts["said"].splitlines() if "curl -s" in line]
        assert len(commands) == 2
        for command in each(commands):
            process = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
            out, _ = await asyncio.wait_for(process.communicate(), GENEROUS)
            answer = json.loads(out)
            assert "errors" not in answer, answer
            assert "Weigering" not in out.decode()
