"""The form in which a text is kept, and what it may hold: rules for any text."""

import time
import unicodedata
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.values.ids import new_id, read_uuid
from app.domain.values.text import in_canonical_order, is_allowed, is_blank, normalised

SPACES = " \n\t\r\u00a0\u2003\u2028\u3000"
ANYTHING = st.text(st.characters(exclude_categories=())) | st.text(
    "a\u0301é\u200d \n\t\r\x00\x85\u2003\u3000\ud800"
)
VISIBLE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1)


@given(ANYTHING)
def test_a_kept_text_is_kept_as_it_is(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(ANYTHING)
def test_a_kept_text_is_nfc_without_carriage_returns_tabs_and_outer_spaces(text: str) -> None:
    kept = normalised(text)
    assert unicodedata.is_normalized("NFC", kept)
    assert not set(kept) & set("\r\t")
    assert not kept or not set(kept[0] + kept[-1]) & set(SPACES)


@given(st.lists(VISIBLE, min_size=1), st.sampled_from([" ", "\n", "\u2003"]), st.text(SPACES), st.text(SPACES))
def test_all_that_is_allowed_stays_letter_for_letter(
    lines: list[str], between: str, before: str, after: str
) -> None:
    text = unicodedata.normalize("NFC", between.join(lines))
    assert normalised(before + text + after) == text
    assert is_allowed(text, several_lines=True)
    assert is_allowed(text, several_lines=False) == ("\n" not in text)


@given(ANYTHING)
def test_line_ends_become_line_feeds_and_tabs_spaces(text: str) -> None:
    plain = text.replace("\r", "").replace("\t", "")
    for end in ("\r\n", "\r", "\n"):
        assert normalised(plain.replace("\n", end)) == normalised(plain)
    assert normalised(plain.replace(" ", "\t")) == normalised(plain)


@given(st.characters(categories=["Cc"], exclude_characters="\n\r\t"))
def test_a_control_character_is_not_trimmed_away(control: str) -> None:
    assert normalised(f" {control}x{control} ") == f"{control}x{control}"


@given(ANYTHING)
def test_control_characters_and_lone_surrogates_are_not_allowed_and_nothing_else(text: str) -> None:
    wrong = {c for c in text if unicodedata.category(c) in ("Cc", "Cs")}
    assert is_allowed(text, several_lines=False) == (not wrong)
    assert is_allowed(text, several_lines=True) == (not wrong - {"\n"})


@pytest.mark.parametrize(
    "text",
    [
        "👩🏽‍👩🏽‍👧‍👦",
        "\u202bعَرَبِيّ\u202c",
        "नमस्ते",
        "co\u00adöperatie",
        "\ufeffÅ\u0323",
        "zero\u200bwidth",
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    ],
)
def test_any_script_emoji_and_format_characters_stay(text: str) -> None:
    assert normalised(text) == unicodedata.normalize("NFC", text)
    assert is_allowed(normalised(text), several_lines=False)
    assert not is_blank(normalised(text))


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b", "\u00ad\u200d", "\u2003 \u3000", "\ufeff"])
def test_a_text_that_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(normalised(text))


@given(st.uuids())
def test_a_uuid_is_read_in_any_case_and_kept_in_lower_case(value: uuid.UUID) -> None:
    assert read_uuid(str(value)) == read_uuid(str(value).upper()) == str(value)


@given(st.uuids(), ANYTHING)
def test_any_other_form_of_a_uuid_is_none(value: uuid.UUID, more: str) -> None:
    other_forms = [value.hex, value.urn, f"{{{value}}}", f"{value}\n", f" {value}", str(value)[:-1], more]
    other_forms += [f"{value}{more}" for _ in range(bool(more))]
    assert [read_uuid(form) for form in other_forms] == [None] * len(other_forms)


def test_a_new_id_is_a_uuid_and_another_one_each_time() -> None:
    made = {new_id() for _ in range(100)}
    assert len(made) == 100
    assert {read_uuid(one) for one in made} == made
    assert {(uuid.UUID(one).version, uuid.UUID(one).variant) for one in made} == {(7, uuid.RFC_4122)}


def test_a_new_id_stands_behind_those_of_milliseconds_before() -> None:
    before = time.time_ns() // 1_000_000
    milliseconds = int(new_id().replace("-", "")[:12], 16)
    assert before <= milliseconds <= time.time_ns() // 1_000_000


MARKS = "a\u0300\u0316\u0345\u0344\u0f71\u0f73\u05b0\u3099\u1100\u1161\u11a8\u0958é"


@given(st.text(MARKS) | ANYTHING)
def test_putting_marks_in_their_order_changes_nothing_but_the_time_it_takes(text: str) -> None:
    assert unicodedata.normalize("NFC", in_canonical_order(text)) == unicodedata.normalize("NFC", text)
    assert unicodedata.normalize("NFD", in_canonical_order(text)) == unicodedata.normalize("NFD", text)


def test_marks_come_in_their_order_so_that_normalising_need_not_sort_them() -> None:
    tangled = "a" + 2_000 * "\u0300\u0316"
    assert in_canonical_order(tangled) == "a" + 2_000 * "\u0316" + 2_000 * "\u0300"


def test_what_is_too_long_for_any_text_is_trimmed_and_stays_too_long() -> None:
    tangled = "a" + 3_000 * "\u0300\u0316"
    assert normalised(f"  {tangled} ") == tangled
    longest = 1_000 * "\u03b1\u0313\u0300\u0345"
    assert normalised(longest) == 1_000 * "\u1f82", "four code points that become one"


@pytest.mark.parametrize("several_lines", [False, True])
def test_controls_and_halves_of_characters_are_not_allowed_and_all_others_are(several_lines: bool) -> None:
    refused = {chr(c) for c in range(0x110000) if not is_allowed(chr(c), several_lines=several_lines)}
    controls = {chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) in ("Cc", "Cs")}
    assert refused == controls - ({"\n"} if several_lines else set())
