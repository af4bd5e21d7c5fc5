"""The log: what stands in a record, under which ids, and that it holds nothing that anybody typed."""

import json
import logging
import re
import signal
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest

from app.logs.formats import JsonFormatter, TextFormatter
from app.logs.redacted import Redacted
from app.settings import Settings
from tests.support.arrange import taak
from tests.support.client import JSON
from tests.support.databases import KINDS, refusing
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.processes import Process, serving_process
from tests.support.server import Server
from tests.support.template import Template

# Requests and records are the same whatever is read.
pytestmark = pytest.mark.database("sqlite")

TYPED = "Xyzzy plugh"
REGISTER = """
mutation ($input: RegistreerKlantcontactInput!) {
  registreerKlantcontact(input: $input) { __typename }
}
"""
SEARCH = """
query ($text: String!) { organisatorischeEenheden(zoektekst: $text) { id } }
"""
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def written(formatter: logging.Formatter, message: str, *args: object, error: BaseException | None = None) -> str:
    """What a formatter makes of a record."""
    info = None if error is None else (type(error), error, error.__traceback__)
    return formatter.format(logging.LogRecord("app.test", logging.ERROR, "", 0, message, args, info))


def raised(error: Exception) -> Exception:
    """An error that was raised while another one was handled."""
    with suppress(type(error)):
        _raise(error)
    return error


def _raise(error: Exception) -> None:
    try:
        int(TYPED)
    except ValueError as cause:
        raise error from cause


def test_a_record_is_one_line_of_json() -> None:
    line = written(JsonFormatter(), "it broke at %s", "the request", error=raised(KeyError(TYPED)))
    assert "\n" not in line
    record = json.loads(line)
    assert list(record) == ["time", "level", "logger", "message", "exception"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", record["time"])
    assert (record["level"], record["logger"]) == ("ERROR", "app.test")
    assert record["message"] == "it broke at the request"


@pytest.mark.parametrize("formatter", [JsonFormatter(), TextFormatter()], ids=["json", "text"])
@pytest.mark.parametrize(
    "error",
    [KeyError(TYPED), ValueError(TYPED), ExceptionGroup(TYPED, [ValueError(TYPED)]), OSError(2, TYPED, TYPED)],
    ids=lambda error: type(error).__name__,
)
def test_of_an_error_stands_where_it_was_raised_and_of_which_kind_it_is_but_not_what_it_says(
    formatter: logging.Formatter, error: Exception
) -> None:
    error.add_note(TYPED)
    line = written(formatter, "it broke", error=raised(error))
    assert type(error).__name__ in line
    assert "raise error from cause" in line
    assert "int(TYPED)" in line
    assert TYPED not in line


def test_an_error_that_is_its_own_cause_is_told_once() -> None:
    one, other = ValueError(), KeyError()
    one.__cause__, other.__cause__ = other, one
    assert written(TextFormatter(), "it broke", error=one).count("ValueError") == 1


def test_a_quiet_error_stays_as_it_is() -> None:
    quiet = Redacted.of(KeyError(TYPED))
    assert Redacted.of(quiet) is quiet


def test_what_asyncio_shows_of_tasks_and_of_calls_is_left_out() -> None:
    message = f"Exception in callback f({TYPED})\n{TYPED}"
    error = raised(KeyError(TYPED))
    record = logging.LogRecord("asyncio", logging.ERROR, "", 0, message, (), (KeyError, error, error.__traceback__))
    assert TYPED not in JsonFormatter().format(record)
    assert json.loads(JsonFormatter().format(record))["message"] == "Exception in callback f"


@pytest.mark.parametrize("given", ["abc", "A.b_c-9", "x" * 128])
async def test_a_response_tells_the_id_that_the_client_gave_its_request(server: Server, given: str) -> None:
    for path in ("/graphql", "/livez", "/nowhere"):
        response = await server.http.get(f"{server.url}{path}", headers={"x-request-id": given})
        assert response.headers["x-request-id"] == given


@pytest.mark.parametrize("given", [None, "", "x" * 129, "a b", "a\tb", "é", 'a"b', "a/b"])
async def test_without_a_harmless_one_a_request_gets_an_id(server: Server, given: str | None) -> None:
    headers = {} if given is None else {b"x-request-id": given.encode()}
    answers = [await server.http.get(f"{server.url}/livez", headers=headers) for _ in range(2)]
    one, other = [answer.headers["x-request-id"] for answer in answers]
    assert one != other
    assert re.fullmatch("[0-9a-f]{32}", one)


async def test_a_socket_has_an_id_too(server: Server) -> None:
    async with server.as_(DESK).socket(additional_headers={"x-request-id": "socket.1"}) as socket:
        assert socket.ws.response is not None
        assert socket.ws.response.headers["x-request-id"] == "socket.1"


async def logged(process: Process) -> list[dict[str, Any]]:
    """Every record of a process that logs JSON, once it has been stopped."""
    await process.end(signal.SIGTERM)
    lines = [json.loads(line) for line in (await process.printed).splitlines()]
    # Beside them stand those of the processing log.
    return [line for line in lines if "logger" in line]


def contact(server: Server) -> JSON:
    return {"onderwerp": TYPED, "inhoud": TYPED, "interneTaken": [taak(server.eenheden["VER"], toelichting=TYPED)]}


@pytest.mark.database(*KINDS)
async def test_an_internal_error_is_logged_under_its_ids_and_without_what_was_typed(
    settings: Settings, template: Template
) -> None:
    headers = {"x-request-id": "request.1", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    async with serving_process(settings, template.eenheden, log_format="json", log_level="DEBUG") as process:
        server = process.server
        server.http.headers.update(headers)
        desk = server.as_(DESK)
        async with refusing(settings.database_url, "BEFORE INSERT", "klantcontact", "1 = 1", TYPED):
            [posted] = (await desk.answer(REGISTER, input=contact(server)))["errors"]
            async with desk.socket(additional_headers={"x-request-id": "socket.1"}) as socket:
                answer = await (await socket.subscribe(REGISTER, input=contact(server))).message()
        records = await logged(process)
    [sent] = answer["payload"]["errors"]
    first, second = [record for record in records if record["level"] == "ERROR"]
    assert first["message"].startswith(f"internal error {posted['extensions']['id']} at ")
    assert first["error_id"] == posted["extensions"]["id"]
    assert (first["request_id"], first["trace_id"]) == ("request.1", TRACE)
    assert (second["request_id"], second["error_id"]) == ("socket.1", sent["extensions"]["id"])
    assert UUID(second["trace_id"]) != UUID(TRACE)
    for record in (first, second):
        assert "ConstraintViolated" in record["exception"]
        assert "in klantcontact" in record["exception"]
    assert TYPED not in json.dumps(records)


async def test_an_internal_error_is_logged_at_a_field_by_its_name_in_the_schema_and_not_by_an_alias(
    server: Server, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    aliased = REGISTER.replace("registreerKlantcontact(", "plugh: registreerKlantcontact(")
    async with refusing(settings.database_url, "BEFORE INSERT", "klantcontact", "1 = 1", "not now"):
        assert await server.as_(DESK).codes(aliased, input=contact(server)) == ["INTERNE_FOUT"]
    [record] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.getMessage().endswith(" at registreerKlantcontact")


async def test_what_libraries_say_below_a_warning_is_not_logged_however_much_we_say(
    settings: Settings, template: Template
) -> None:
    async with serving_process(settings, template.eenheden, log_format="json", log_level="DEBUG") as process:
        await process.server.as_(DESK).data("{ kanalen }")
        records = await logged(process)
    assert {record["logger"].partition(".")[0] for record in records} == {"app"}


@pytest.mark.parametrize("log_format", ["text", "json"])
async def test_nothing_that_anybody_typed_or_is_called_stands_in_the_log(
    settings: Settings, template: Template, log_format: str
) -> None:
    more = {"log_format": log_format, "log_level": "DEBUG", "access_log": "true"}
    async with serving_process(settings, template.eenheden, **more) as process:
        server = process.server
        desk, ver = server.as_(DESK), server.as_(VERGUNNINGEN)
        assert "errors" not in await desk.answer(REGISTER, input=contact(server))
        await desk.data(SEARCH, text=TYPED)
        await desk.answer("{ plugh(xyzzy: $xyzzy) ", xyzzy=TYPED)
        await server.http.get(
            server.graphql,
            params={"query": SEARCH, "variables": json.dumps({"text": TYPED})},
            headers={"authorization": f"Bearer {DESK.token()}"},
        )
        await server.http.get(f"{server.url}/livez?{TYPED}")
        await server.http.get(f"{server.url}/{TYPED}%0AINFO")
        await server.with_token(f"{DESK.token()}x").post(REGISTER)
        await server.with_token(DESK.token(rollen=[TYPED])).post(REGISTER)
        await server.with_token(DESK.token(eenheden=[TYPED])).post(REGISTER)
        async with ver.socket() as socket:
            await socket.subscribe(SEARCH, text=TYPED)
            await socket.send(TYPED)
            assert await socket.closed() == 4400
        async with refusing(settings.database_url, "BEFORE INSERT", "klantcontact", "1 = 1", TYPED):
            await desk.answer(REGISTER, input=contact(server))
        await process.end(signal.SIGTERM)
        log = await process.printed
    assert "internal error" in log
    assert "GET /livez 200" in log
    assert "POST /graphql 401" in log
    assert "GET elsewhere 404" in log
    for text in (TYPED, "Xyzzy", "plugh", DESK.naam, VERGUNNINGEN.naam, DESK.token()[:36], "Klantcontactcentrum"):
        assert text not in log
