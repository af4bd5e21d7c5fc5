"""The measurements: the table is there, and whoever is not told every fact exactly once and in order is counted."""

import asyncio
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_create_server
from typer.testing import CliRunner

from tests.bench.__main__ import program
from tests.bench.http import Answer
from tests.bench.ledger import Inbox, Ledger
from tests.bench.page import put
from tests.bench.questions import Inboxes, Registrations
from tests.bench.subscribers import Audience
from tests.support.client import PATIENCE
from tests.support.commands import ROOT
from tests.support.each import each
from tests.support.waiting import until

# Two servers are filled and asked for the whole of a measurement: on a busy machine that takes minutes.
pytestmark = pytest.mark.timeout(400)

SVG = "{http://www.w3.org/2000/svg}"

COLUMNS = [
    "deliveries/s",
    "deliveries per CPU s",
    "p50 ms",
    "p99 ms",
    "last ms",
    "KiB per connection",
    "connects per CPU s",
    "server busy",
    "driver busy",
    "others busy",
]
REQUESTS = [
    "requests/s",
    "CPU µs per request",
    "p50 ms, alone",
    "p99 ms, alone",
    "p50 ms",
    "p99 ms",
    "server busy",
    "driver busy",
    "others busy",
]
SMALL = ["--subscribers=20", "--many=20", "--inboxes=4", "--idle=20", "--seconds=0.1", "--plain-up-to=10"]
ALL_WAS_RIGHT = "Every answer was right, and every subscriber was told every fact exactly once and in order."


async def bench(*command: str) -> tuple[int | None, str]:
    """How a run of the measurements ended, and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await asyncio.wait_for(process.communicate(), 12 * PATIENCE)
    return process.returncode, out.decode() + err.decode()


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


async def test_both_servers_are_measured_side_by_side_and_every_subscriber_is_told_every_fact_once(
    tmp_path: Path,
) -> None:
    results = tmp_path / "results.json"
    code, printed = await bench(sys.executable, "-m", "tests.bench", "fanout", *SMALL, f"--out={results}")

    assert code == 0, printed
    [head, _, *rows] = [cells(line) for line in printed.splitlines() if line.startswith("|")]
    assert head == ["subscribers", "server", *COLUMNS]
    assert [row[:2] for row in rows] == [
        ["20 of one inbox", "ours"],
        ["20 over 4 inboxes", "ours"],
        ["20 over 4 inboxes", "plain"],
        ["20 over 4 inboxes", "ours : plain"],
        ["20 over 4 inboxes, idle", "ours"],
        ["20 over 4 inboxes, idle", "plain"],
        ["20 over 4 inboxes, idle", "ours : plain"],
    ]
    assert "The plain server was given at most 10 subscribers of one inbox" in printed
    assert ALL_WAS_RIGHT in printed
    measured = json.loads(results.read_text())["results"]
    assert [one["violations"] for one in measured] == [{}] * 5
    told = [one["figures"] for one in measured if "idle" not in one["workload"]]
    assert all(figures["events"] > 0 and 800 <= figures["frame_bytes"] <= 900 for figures in each(told))


@pytest.mark.parametrize(
    ("workload", "size", "said"),
    [
        ("inbox", ["--inboxes=2", "--tasks=51"], "inbox of 50 tasks, 16 connections"),
        ("register", ["--inboxes=2"], "registration, 8 connections"),
    ],
)
async def test_both_servers_are_asked_side_by_side_and_every_answer_is_right(
    tmp_path: Path, workload: str, size: list[str], said: str
) -> None:
    results = tmp_path / "results.json"
    command = [sys.executable, "-m", "tests.bench", workload, *size, "--seconds=0.1", f"--out={results}"]
    code, printed = await bench(*command)

    assert code == 0, printed
    [head, _, *rows] = [cells(line) for line in printed.splitlines() if line.startswith("|")]
    assert head == ["requests", "server", *REQUESTS]
    assert [row[:2] for row in rows] == [[said, "ours"], [said, "plain"], [said, "ours : plain"]]
    assert [cell for row in rows for cell in row[:8] if not cell] == []
    assert ALL_WAS_RIGHT in printed
    assert [one["violations"] for one in json.loads(results.read_text())["results"]] == [{}] * 2

    image = tmp_path / "figures.svg"
    plotted = CliRunner().invoke(program, ["plot", str(results), str(image)])
    assert plotted.exit_code == 0, plotted.output
    drawn = ElementTree.parse(image).getroot()  # noqa: S314 - it is our own
    assert f"{said}: requests/s" in [text.text for text in drawn.iter(f"{SVG}text")]
    assert len([bar for bar in drawn.iter(f"{SVG}rect") if bar.get("height") == "11"]) == 2 + 2


def node(nth: int, eenheid_id: str = "E") -> dict[str, Any]:
    """A task of an inbox with its 21 values."""
    eenheid = {"id": eenheid_id, "naam": "Vergunningen"}
    contact = {f"value{number}": "x" for number in range(9)} | {"organisatorischeEenheid": eenheid}
    return {"id": str(nth), "organisatorischeEenheid": eenheid, "contact": contact} | dict.fromkeys("abcdefg", "x")


@pytest.mark.parametrize(
    ("nodes", "counted"),
    [
        pytest.param([node(nth) for nth in range(50)], {}, id="right"),
        pytest.param([node(nth) for nth in range(49)], {"not a page of tasks": 1}, id="one missing"),
        pytest.param([node(nth % 49) for nth in range(50)], {"not a page of tasks": 1}, id="one twice"),
        pytest.param([node(nth, "F") for nth in range(50)], {"a task of another inbox": 1}, id="another inbox"),
        pytest.param(
            [node(nth) | {"a": None} for nth in range(50)], {"a task incomplete": 1}, id="a value missing"
        ),
    ],
)
async def test_an_inbox_that_is_answered_wrongly_is_counted(
    nodes: list[dict[str, Any]], counted: dict[str, int]
) -> None:
    ledger, asked, answer = Ledger(), Inbox("E", None), Answer()
    answer.status = 200
    edges = [{"node": one} for one in nodes]
    answer.body = json.dumps({"data": {"postvak": {"interneTaken": {"edges": edges}}}}).encode()
    Inboxes([asked], ledger).check(asked, answer)
    assert ledger.violations == counted


async def test_a_registration_that_is_answered_twice_alike_or_not_at_all_is_counted() -> None:
    ledger, asked = Ledger(), Inbox("E", None)
    registrations = Registrations([asked], ledger)
    contact = {"id": "1", "nummer": "2", "interneTaken": [{"id": "3", "nummer": "4", "status": "TE_DOEN"}]}
    made = {"data": {"registreerKlantcontact": {"klantcontact": contact}}}
    answers: list[dict[str, Any]] = [made, made, {"data": {"registreerKlantcontact": {}}}]
    for said in answers:
        answer = Answer()
        answer.status, answer.body = 200, json.dumps(said).encode()
        registrations.check(asked, answer)
    assert ledger.violations == {"registration incomplete or twice": 1, "registration refused": 1}


def test_figures_are_put_into_the_page_in_place_of_those_before(tmp_path: Path) -> None:
    page = tmp_path / "measurements.md"
    page.write_text("before\n<!-- figures -->\nold\n<!-- /figures -->\nafter\n")
    put(page, "| new |")
    put(page, "| newer |")
    assert page.read_text() == "before\n<!-- figures -->\n| newer |\n<!-- /figures -->\nafter\n"
    page.write_text("none")
    with pytest.raises(ValueError, match="no place for figures"):
        put(page, "| new |")


async def test_a_run_that_cannot_be_finished_says_why_and_ends_with_status_1() -> None:
    command = (
        f"ulimit -n 40; exec {sys.executable} -m tests.bench fanout --workloads=idle --servers=plain --idle=100"
    )
    code, printed = await bench("bash", "-c", command)
    assert code == 1
    assert "100 over 200 inboxes, idle, plain: failed: 1 times" in printed
    assert "Too many open files" in printed


class Teller(WSListener):
    """A server's end of a socket: it tells a subscriber what a test wants it to, and then that it is complete."""

    def __init__(self, tell: Callable[[str], list[str]]) -> None:
        self._tell = tell

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Answer a message."""
        if frame.msg_type != WSMsgType.TEXT:
            return
        message = json.loads(frame.get_payload_as_utf8_text())
        answers = ['{"type":"connection_ack"}']
        if message["type"] == "subscribe":
            answers = [*self._tell(message["id"]), '{"type":"complete"}']
        for answer in answers:
            transport.send(WSMsgType.TEXT, answer.encode())


def fact(operation: str, volgnummer: int, *, mark: int | None = None, **more: str | None) -> str:
    """A frame that tells a fact of 12 values. The first event of a ledger has mark 0 and volgnummer 1."""
    marked = f"#{volgnummer - 1 if mark is None else mark:08}#"
    values = {"volgnummer": volgnummer, "onderwerp": marked} | {f"value{nth}": "x" for nth in range(10)} | more
    return json.dumps({"id": operation, "type": "next", "payload": {"data": {"postvak": values}}})


@pytest.mark.parametrize(
    ("tell", "counted"),
    [
        pytest.param(lambda id_: [fact(id_, 1), fact(id_, 2), fact(id_, 3)], {}, id="once and in order"),
        pytest.param(
            lambda id_: [fact(id_, 1), fact(id_, 2), fact(id_, 2), fact(id_, 3)],
            {"told twice or late": 2},
            id="twice",
        ),
        pytest.param(lambda id_: [fact(id_, 1), fact(id_, 2)], {"not told": 2}, id="the last left out"),
        pytest.param(lambda id_: [fact(id_, 1), fact(id_, 3)], {"facts left out": 2}, id="one left out"),
        pytest.param(
            lambda id_: [fact(id_, 1), fact(id_, 3), fact(id_, 2)],
            {"facts left out": 2, "told twice or late": 2},
            id="out of order",
        ),
        pytest.param(
            lambda id_: [fact(id_, 1), fact(id_, 3, mark=1), fact(id_, 3)],
            {"volgnummers not dense": 1},
            id="a volgnummer skipped",
        ),
        pytest.param(
            lambda id_: [fact(id_, 1, value0=None), fact(id_, 2), fact(id_, 3)],
            {"fact incomplete": 1},
            id="a value left out",
        ),
        pytest.param(
            lambda id_: [fact(id_, 1), fact(id_, 2, value0=id_), fact(id_, 3)],
            {"frames of one event differ": 1},
            id="something else for the second subscriber",
        ),
        pytest.param(
            lambda id_: [fact(id_, 1), fact("x", 2), fact(id_, 2), fact(id_, 3)],
            {"told what was not for him": 2},
            id="another operation's",
        ),
        pytest.param(
            lambda id_: [fact(id_, 1), fact(id_, 2), fact(id_, 4), fact(id_, 3)],
            {"told what was not for him": 2},
            id="an event that was not set off",
        ),
    ],
)
async def test_what_two_subscribers_are_told_wrongly_is_counted(
    tell: Callable[[str], list[str]], counted: dict[str, int]
) -> None:
    ledger, inbox = Ledger(), Inbox("an inbox", None)
    server = await ws_create_server(lambda _: Teller(tell), "127.0.0.1", 0)
    audience = Audience(ledger, server.sockets[0].getsockname()[1])
    try:
        for _ in range(3):
            ledger.begin(inbox)
        await audience.connect([inbox, inbox])
        await until(lambda: ledger.violations["unexpected complete"] >= 2)
        audience.count_missing()
    finally:
        audience.leave()
        server.close()
        await server.wait_closed()
    assert ledger.violations == counted | {"unexpected complete": 2}


def test_growth_is_measured_in_registers_of_any_size() -> None:
    result = CliRunner().invoke(program, ["growth", "--tasks", "500,700", "--database", "sqlite", "--runs", "3"])
    assert result.exit_code == 0, result.output
    assert "| p50 / p95 in ms | sqlite, 500 | sqlite, 700 |" in result.output
    assert "| registration |" in result.output


async def test_a_soak_tells_again_and_again_what_the_server_holds_and_how_long_it_stood_still() -> None:
    code, printed = await bench(
        *(sys.executable, "-W", "ignore", "-m", "tests.bench", "soak"),
        *("--minutes=0.05", "--every=1", "--idle=3"),
    )

    *told, conclusion = printed.splitlines()
    assert (code, conclusion) == (0, "Every answer was right."), printed
    assert len(told) >= 3
    for line in each(told):
        [(resident, stall)] = re.findall(r"([0-9.]+) MiB  longest stall +([0-9.]+) ms", line)
        assert float(resident) > 50
        assert float(stall) > 0
    assert set(re.findall(r"([a-z]+) [1-9]", told[-1])) == {"documents", "registrations", "sockets", "streams"}
