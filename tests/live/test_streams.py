"""Where a reader of a stream of facts begins, and what is no place in it: the rule alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.model import Hint
from app.domain.streams import CursorOngeldig, CursorVerlopen, Stream, StreamKind, hinted, read_place, start

POSTVAK = Stream(StreamKind.POSTVAK, "een")


@given(end=st.integers(0, 20), max_behind=st.integers(0, 20), after=st.integers(-3, 24))
def test_who_names_a_place_begins_behind_it_unless_it_is_not_there_or_too_far_behind(
    end: int, max_behind: int, after: int
) -> None:
    if after < 0 or after > end:
        with pytest.raises(CursorOngeldig):
            start(POSTVAK, after, end, max_behind)
    elif end - after > max_behind:
        with pytest.raises(CursorVerlopen):
            start(POSTVAK, after, end, max_behind)
    else:
        begun = start(POSTVAK, after, end, max_behind)
        assert (begun.stream, begun.after, begun.end) == (POSTVAK, after, end)


@given(end=st.integers(0, 20))
def test_who_names_no_place_begins_at_the_end_however_long_the_stream_is(end: int) -> None:
    begun = start(POSTVAK, None, end, 0)
    assert (begun.after, begun.end) == (end, end)


def test_a_hint_tells_the_place_of_a_fact_in_its_departments_stream_and_in_its_tasks() -> None:
    assert hinted(Hint("een", "taak", volgnummer=7, versie=2)) == {
        Stream(StreamKind.POSTVAK, "een"): 7,
        Stream(StreamKind.INTERNE_TAAK, "taak"): 2,
    }


@given(st.integers(0, 9_999_999_999))
def test_a_place_is_read_as_a_client_writes_it(place: int) -> None:
    assert read_place(str(place)) == place


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "-1", "+1", "1.0", "1e3", "0x1", "١", "²", "1\n", "1" * 11, "\ud800"]
)
def test_what_is_no_number_of_at_most_ten_digits_is_no_place(text: str) -> None:
    with pytest.raises(CursorOngeldig):
        read_place(text)
