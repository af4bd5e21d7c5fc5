"""What is out of order is told when it begins and when it is over, each once, and what is known of a database."""

import logging

import pytest

from app.common.outage import LoggableError, Outage, Transient
from app.storage.engine.availability import Availability
from app.storage.engine.database import Database
from app.storage.engine.failures import DatabaseOnbereikbaar, NotWritable, TransactionLost
from app.storage.engine.probing import WriteProbe
from tests.support.databases import rows
from tests.support.template import Template
from tests.support.waiting import until

log = logging.getLogger("app.tests")

CALM = 0.05
FOR_EVER = 1_000.0

NEXT_TRANSACTION = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"


def outage(calm_seconds: float = 0) -> Outage:
    return Outage(log, "it fails", "it works", trace=False, calm_seconds=calm_seconds)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The lines, without how long it lasted."""
    return [record.getMessage().split(", after")[0].split(";")[-1].strip() for record in caplog.records]


async def until_over(one: Outage) -> None:
    """Succeed until it is over."""

    def is_over() -> bool:
        one.over()
        return not one.lasts

    await until(is_over)


def test_it_is_told_once_when_it_begins_and_once_when_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    one = outage()
    one.over()
    assert (one.lasts, said(caplog)) == (False, [])
    for _ in range(2):
        caplog.clear()
        for _ in range(3):
            one.failed(ValueError("what somebody typed"))
        assert one.lasts
        assert said(caplog) == ["it fails (ValueError)"]
        for _ in range(2):
            one.over()
        assert not one.lasts
        # Each outage counts its own failures.
        assert [record.getMessage()[-1] for record in caplog.records[1:]] == ["3"]


def test_what_passes_is_told_by_who_found_it_and_what_explains_itself_in_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    one = outage()
    one.failed(Transient())
    assert (one.lasts, said(caplog)) == (False, [])
    one.failed(LoggableError("its keys are too old"))
    assert said(caplog) == ["it fails (its keys are too old)"]


async def test_it_is_over_when_nothing_has_failed_for_a_while_after_a_success(
    caplog: pytest.LogCaptureFixture,
) -> None:
    one = outage(CALM)
    one.began("why")
    one.over()
    assert one.lasts, "one success in its midst is not the end"
    await until_over(one)
    assert said(caplog) == ["it fails (why)", "it works"]


async def test_a_failure_after_a_success_is_of_the_same_outage(caplog: pytest.LogCaptureFixture) -> None:
    one, clock = outage(CALM), outage(CALM)
    for either in (one, clock):
        either.began("why")
        either.over()
    # So long as it would have taken to be over.
    await until_over(clock)
    one.began("why")
    one.over()
    assert one.lasts, "it is counted from the success after the failure"
    await until_over(one)
    assert said(caplog).count("it fails (why)") == 2


def unwritable() -> DatabaseOnbereikbaar:
    """As it is told where a transaction was lost because of it."""
    error = TransactionLost("lost")
    error.__cause__ = NotWritable("its disk is full")
    return error


def test_a_database_that_takes_no_writes_is_told_apart_from_one_that_is_away(
    caplog: pytest.LogCaptureFixture,
) -> None:
    known = Availability()
    assert known.takes_writes
    known.failed(DatabaseOnbereikbaar("away"), writing=True)
    assert known.takes_writes
    known.failed(unwritable(), writing=True)
    assert not known.takes_writes
    # Who reads learns nothing of writing.
    known.worked(writing=False)
    assert not known.takes_writes
    assert [record.getMessage().split(";")[0] for record in caplog.records] == [
        "the database cannot be used",
        "nothing can be written to the database",
    ]


def test_of_what_a_driver_says_only_the_kind_is_told_and_our_own_words_as_they_are(
    caplog: pytest.LogCaptureFixture,
) -> None:
    of_a_driver = DatabaseOnbereikbaar("The database cannot be used.")
    of_a_driver.__cause__ = ConnectionResetError("mevrouw@10.0.0.1")
    Availability().failed(of_a_driver, writing=False)
    Availability().failed(DatabaseOnbereikbaar("It was closed."), writing=False)
    assert [record.getMessage().rpartition("(")[2] for record in caplog.records] == [
        "ConnectionResetError)",
        "It was closed.)",
    ]


@pytest.mark.database("postgresql")
@pytest.mark.parametrize("takes_writes", [True, False])
async def test_postgresql_is_asked_whether_it_takes_writes_and_tried_when_it_took_none(
    own: Template, takes_writes: bool
) -> None:
    database = Database(own.url)
    if not takes_writes:
        database.availability.failed(unwritable(), writing=True)
    before = rows(own.url, NEXT_TRANSACTION)
    await WriteProbe(database, own.url)()
    # Who only asks takes no number of a transaction.
    assert (rows(own.url, NEXT_TRANSACTION) == before) == takes_writes
    await database.close()


async def test_it_takes_writes_again_when_they_have_succeeded_for_a_while() -> None:
    known = Availability()
    known.failed(unwritable(), writing=True)
    known.worked(writing=True)
    assert not known.takes_writes

    def succeeds() -> bool:
        known.worked(writing=True)
        return known.takes_writes

    await until(succeeds)


def test_it_is_known_to_take_writes_as_long_as_one_succeeded_lately_and_none_was_refused_since() -> None:
    known = Availability()
    assert not known.wrote_within(FOR_EVER)
    known.worked(writing=False)
    assert not known.wrote_within(FOR_EVER)
    known.worked(writing=True)
    assert known.wrote_within(FOR_EVER)
    assert not known.wrote_within(0)
    known.failed(DatabaseOnbereikbaar("away"), writing=False)
    assert known.wrote_within(FOR_EVER)
    known.failed(DatabaseOnbereikbaar("away"), writing=True)
    assert not known.wrote_within(FOR_EVER)
