"""Moments in the register's one form: the same moment whatever was written, and texts that sort as moments do."""

import re
from datetime import UTC, datetime, timedelta, timezone

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.values.moments import now, read, written

FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=OFFSETS)
MILLISECOND = timedelta(milliseconds=1)


@given(MOMENTS)
def test_a_moment_is_read_as_the_same_one_rounded_up_to_a_millisecond(moment: datetime) -> None:
    kept = read(moment.isoformat())
    assert FORM.fullmatch(kept)
    assert timedelta(0) <= datetime.fromisoformat(kept) - moment < MILLISECOND


@given(st.text("0123456789", min_size=1, max_size=12) | st.text("01", min_size=7, max_size=9))
def test_every_digit_of_a_fraction_counts_in_rounding_up(digits: str) -> None:
    milliseconds = -(-int(digits) * 1000 // 10 ** len(digits))
    expected = datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC) + milliseconds * MILLISECOND
    assert datetime.fromisoformat(read(f"2026-01-31T23:59:59.{digits}Z")) == expected


@given(MOMENTS)
def test_a_moment_is_written_in_one_form_and_what_is_finer_is_dropped(moment: datetime) -> None:
    kept = written(moment)
    assert FORM.fullmatch(kept)
    assert timedelta(0) <= moment - datetime.fromisoformat(kept) < MILLISECOND


@given(MOMENTS)
def test_what_was_written_is_read_as_it_stands_in_either_letter_case(moment: datetime) -> None:
    assert read(written(moment)) == written(moment) == read(written(moment).lower())


@given(MOMENTS, MOMENTS)
def test_texts_sort_as_their_moments_do(one: datetime, other: datetime) -> None:
    if written(one) != written(other):
        assert (written(one) < written(other)) == (one < other)
    if read(one.isoformat()) != read(other.isoformat()):
        assert (read(one.isoformat()) < read(other.isoformat())) == (one < other)


@given(st.text() | st.text("0123456789-+:.TtZz ", max_size=32))
def test_any_other_text_is_refused(text: str) -> None:
    hypothesis.assume(not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text.upper()))
    with pytest.raises(ValueError, match="not"):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T12:00:61Z",
        "2026-01-31T12:00:00+24:00",
        "2026-01-31T12:00:00+01:60",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "2026-01-31T12:00:00,5Z",
        "2026-01-31T12:00:00.Z",
        "2026-01-31T12:00:00 Z",
        "2026-01-31T12:00:00Z\n",
        "\u0662\u0660\u0662\u0666-01-31T12:00:00Z",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever part of it is wrong
        read(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2026-01-31T12:00:00+01:00", "2026-01-31T11:00:00.000Z"),
        ("2026-01-31t12:00:00.5z", "2026-01-31T12:00:00.500Z"),
        ("2026-01-31T12:00:00.0001-00:00", "2026-01-31T12:00:00.001Z"),
        ("2026-01-31T12:00:00.5000000001Z", "2026-01-31T12:00:00.501Z"),
        ("2026-12-31T23:59:59.9999999999Z", "2027-01-01T00:00:00.000Z"),
        ("2026-01-31T12:00:00.0000000000Z", "2026-01-31T12:00:00.000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.999Z"),
        ("9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59.999Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
        ("2016-12-31T23:59:60.5+00:00", "2017-01-01T00:00:00.500Z"),
    ],
)
def test_a_moment_is_kept_in_utc_with_milliseconds(text: str, kept: str) -> None:
    assert read(text) == kept


def test_the_present_is_between_before_and_after() -> None:
    before = written(datetime.now(UTC))
    assert before <= now() <= written(datetime.now(UTC))
