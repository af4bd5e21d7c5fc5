"""What people write in several ways is found in each of them, for any text: numbers, names, postcodes, plates."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.finding.folding import fold
from app.domain.finding.search import index, matches, read_zoektekst, words

TEXTS = st.text(max_size=60) | st.text("0136+-–'’. /()abé,\n", max_size=40) | st.text("1-a '", max_size=200)
NATIONAL = st.text("123456789", min_size=1, max_size=1).flatmap(
    lambda first: st.text("0123456789", min_size=8, max_size=8).map(lambda rest: first + rest)
)
JOINERS = st.sampled_from(["'", "’", "‘", "´", "`", "ʼ", "-", "‐", "‑", "–", "-'"])
SEPARATORS = [" ", "-", ".", "/", " - ", "\u00a0", "–"]
AROUND = st.sampled_from(["{}", "Bel {} vóór 5 uur", "2. {}, of anders 3", "kamer 12 {}", "({})", "tel.{}"])


@st.composite
def spelled(draw: st.DrawFn, national: str) -> str:
    """A Dutch phone number, without its 0, as somebody writes it."""
    begins = ["0", "(0", "+31", "+31 ", "0031", "0031 ", "+31(0)", "+31 (0)", "+31 (0) ", "+31-", "(+31) ", "+31 0"]
    begin = draw(st.sampled_from(begins))
    places = draw(st.sets(st.integers(1, 8), max_size=5))
    digits = "".join(
        (draw(st.sampled_from(SEPARATORS)) if at in places else "") + c for at, c in enumerate(national)
    )
    if begin == "(0":
        digits = f"{digits[:2]}) {digits[2:].lstrip(''.join(SEPARATORS))}"
    return begin + digits


@given(NATIONAL, AROUND, st.data())
def test_a_phone_number_is_found_in_any_spelling_whichever_it_is_stored_in(
    national: str, around: str, data: st.DataObject
) -> None:
    stored, asked = data.draw(spelled(national)), data.draw(spelled(national))
    assert matches(read_zoektekst(asked), around.format(stored)), (stored, asked)


@given(NATIONAL, st.data())
def test_the_first_digits_of_a_phone_number_find_it_in_any_spelling(national: str, data: st.DataObject) -> None:
    stored, asked = data.draw(spelled(national)), data.draw(spelled(national))
    begun = asked[: data.draw(st.integers(6, len(asked)))]
    assert matches(read_zoektekst(begun), stored), (stored, begun)


@given(st.text("0123456789", min_size=2, max_size=20), st.data())
def test_digits_are_one_number_whatever_joins_them(digits: str, data: st.DataObject) -> None:
    def written() -> str:
        joined = [data.draw(st.sampled_from(["", "", "", *SEPARATORS])) for _ in digits[1:]]
        return digits[0] + "".join(map("".join, zip(joined, digits[1:], strict=True)))

    stored, asked = written(), written()
    if len(words(asked)) <= 10:
        assert matches(read_zoektekst(asked), stored), (stored, asked)


@given(st.lists(st.text("abcdéø", min_size=1, max_size=8), min_size=2, max_size=6), st.data())
def test_words_with_an_apostrophe_or_a_hyphen_are_found_with_and_without(
    parts: list[str], data: st.DataObject
) -> None:
    def written() -> str:
        return parts[0] + "".join(data.draw(JOINERS) + part for part in parts[1:])

    stored, together = written(), "".join(parts)
    assert matches(read_zoektekst(written()), stored)
    assert matches(read_zoektekst(together), f"Mevrouw {stored} belt")
    assert matches(read_zoektekst(written()), f"Mevrouw {together} belt")


@given(st.text("abc123", min_size=2, max_size=8), AROUND, st.data())
def test_a_few_digits_and_letters_are_found_in_any_groups(mixed: str, around: str, data: st.DataObject) -> None:
    def written() -> str:
        joined = [data.draw(st.sampled_from(["", " ", "-"])) for _ in mixed[1:]]
        return mixed[0] + "".join(map("".join, zip(joined, mixed[1:], strict=True)))

    stored, asked = written(), written()
    if any(c.isdigit() for c in mixed) and any(c.isalpha() for c in mixed):
        assert matches(read_zoektekst(asked), around.format(stored)), (stored, asked)


@given(TEXTS, st.data())
def test_any_words_of_a_text_find_it_as_they_are_written_in_it(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(text)))
    if begin and unicodedata.category(text[begin - 1])[0] not in "PSZ":
        begin = 0
    end = data.draw(st.integers(begin, len(text)))
    asked = text[begin:end]
    if len(words(asked)) <= 10:
        assert matches(read_zoektekst(asked), text), asked


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("lot 06 van blok 1234", "06 1234"),
        ("Bel 061234", "06 1234"),
        ("06-12345678", "0612345678"),
        ("06-12345678", "12345678"),
        ("+31 6 12345678", "6 12345678"),
        ("BSN 1234.56.782", "123456782"),
        ("NL91 ABNA 0417 1643 00", "0417164300"),
        ("Zaak 2024-123456", "2024123456"),
        ("op 30-11-2026", "30/11/2026"),
        ("aan de Dorpsstraat 12 a", "dorpsstraat 12A"),
        ("Kamer 3 0612345678", "06 12345678"),
        ("D'Hondt-Peeters", "dhondt peeters"),
        ("'s-Gravenhage", "sgravenhage"),
        ("auto's en foto’s", "fotos autos"),
        ("re-integratietraject", "reintegratie"),
        ("soft\u00adhyphen", "softhyphen"),
        # As long as they may be: twenty digits, eight characters, six words.
        ("1234 567890 12345 67890", "12345678901234567890"),
        ("1234 ABCD", "1234abcd"),
        ("a-b-c-d-e-f", "abcdef"),
        # Five signs between two digits, two between two letters.
        ("(020)-./ 12", "02012"),
        ("d'-hondt", "dhondt"),
        # Whatever is drawn where an apostrophe or a dash belongs.
        *((f"d{sign}hondt", "dhondt") for sign in "'`´‘’‛′＇\u02b9\u02bb\u02bc\u02c8"),
        *((f"e{sign}mail", "email") for sign in "-‐‑‒–—−⁃"),
    ],
)
def test_what_is_asked_finds_what_is_stored(stored: str, asked: str) -> None:
    assert matches(read_zoektekst(asked), stored)


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        # Neither a comma nor the end of a line joins digits, and no space joins words.
        ("12, 34", "1234"),
        ("12\n34", "1234"),
        ("12  34", "1234"),
        ("12 + 34", "1234"),
        ("van der Berg", "vander"),
        ("Hond 't", "hondt"),
        # More than eight characters are no number plate, and +32 is not at home.
        ("vergunning 12", "vergunning12"),
        ("+32 6 12345678", "0612345678"),
        ("31 6 12345678", "0612345678"),
        # Nothing is found in the middle of what is one word.
        ("0612345678", "12345678"),
        ("06 12345678", "06 87654321"),
        # Longer than it may be.
        ("1234 567890 12345 678901", "123456789012345678901"),
        ("1234 ABCDE", "1234abcde"),
        ("a-b-c-d-e-f-g", "abcdefg"),
        ("(020)-./ -12", "02012"),
        ("d'-'hondt", "dhondt"),
    ],
)
def test_what_is_not_written_together_is_not_one_word(stored: str, asked: str) -> None:
    assert not matches(read_zoektekst(asked), stored)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("ŁÓDŹ", "lodz"),
        ("Søren Kjær", "soren kjaer"),
        ("Đorđe", "dorde"),
        ("Ħal Għargħur", "hal ghargħur"),
        ("œuvre Æneas", "oeuvre aeneas"),
        ("Straße", "strasse"),
        ("ﬁets ĳs Ǆ", "fiets ijs dz"),
        ("Þór Guðrún", "thor gudrun"),
        ("Ɨ ŧ ɖ ƙ ƶ ɇ", "i t d k z e"),
        ("ғ", "г"),
        ("ẝ", "s"),
        ("Ǽ Ǿ", "ae o"),
        ("ꜳ ꜵ ꜷ ꜹ ꜽ ꝏ", "aa ao au av ay oo"),
        ("ȣ ᵫ ꜩ ꝡ ƕ ʣ ʦ ð", "ou ue tz vy hv dz ts d"),
    ],
)
def test_letters_with_a_stroke_and_ligatures_are_found_by_plain_ones(written: str, plain: str) -> None:
    assert matches(read_zoektekst(plain), written)
    assert matches(read_zoektekst(written), plain)


def test_every_character_is_folded_once_and_for_all() -> None:
    # Of what is no character yet, or anybody's own, nobody says how else it is written.
    every = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) not in ("Cn", "Co")]
    assert [c for c in every if fold(fold(c)) != fold(c)] == []


@given(TEXTS)
def test_a_text_is_folded_once_and_for_all(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS, TEXTS)
def test_there_are_at_most_three_kept_words_for_each_word_and_none_is_long(one: str, other: str) -> None:
    apart, kept = words(one, other), index(one, other).split(" ")[1:]
    assert kept[: len(words(one))] == words(one)
    assert len(kept) <= 3 * len(apart)
    assert sum(map(len, kept)) <= sum(map(len, apart)) * 7 + len(apart) * 48


@given(TEXTS)
def test_a_search_text_has_few_ways_to_write_each_word(text: str) -> None:
    if len(words(text)) <= 10:
        assert max(map(len, read_zoektekst(text).woorden), default=0) <= 20


@pytest.mark.parametrize(
    ("stored", "joined", "is_found"),
    [
        ("GHK 12 345", "GHK12345", True),
        ("GHK 12 3456", "GHK123456", False),
        ("0612345678 1234567890", "06123456781234567890", True),
        ("0612345678 12345678901", "061234567812345678901", False),
        ("+31 6 12345678 123456789", "0612345678123456789", True),
        ("+31 6 12345678 12345678901", "061234567812345678901", False),
    ],
)
def test_so_many_signs_are_taken_together_and_no_more(stored: str, joined: str, is_found: bool) -> None:
    """Eight digits and letters, or twenty digits, those of the country included."""
    assert matches(read_zoektekst(joined), stored) == is_found
