"""The rule of searching, for any text: words, letter case, diacritics, punctuation, limits."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.finding.filters import Zoekvraag
from app.domain.finding.search import ZoektekstOngeldig, as_nummer, matches, read_zoektekst, words

TEXTS = st.text(max_size=60) | st.text("aAbBéÉıİïĳßŠς 'Σ\u0301\u0308.-_%0٣", max_size=30)
SIGNS = "-_.,:;!?'’\"()/%&*—…·"
PUNCTUATION = st.text(st.characters(categories=("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po")), min_size=1, max_size=3)
# Of all marks only the Greek iota below has a capital, which is a letter: there letter case goes before the mark.
MARKS = st.text(st.characters(categories=["Mn"], exclude_characters="\u0345"), max_size=2)


# Texts without what is written together as well.
APART = st.text("aAbBéÉıßς ,;:Σ\u0301", max_size=30)


def alone(*sought: str) -> Zoekvraag:
    """Folded words, each to be found as it is."""
    return Zoekvraag(tuple((word,) for word in sought))


@given(TEXTS, st.data())
def test_every_beginning_of_every_word_is_found(text: str, data: st.DataObject) -> None:
    beginnings = [word[: data.draw(st.integers(1, len(word)))] for word in words(text)]
    assert [begins for begins in beginnings if not matches(alone(begins), text)] == []


@given(APART, APART, APART)
def test_a_text_matches_exactly_where_each_word_that_is_looked_for_begins_one_of_its_words(
    zoektekst: str, one: str, other: str
) -> None:
    indexed = [*words(one), *words(other)]
    sought = words(zoektekst)[:10]
    expected = all(any(word.startswith(begins) for word in indexed) for begins in sought)
    assert matches(read_zoektekst(" ".join(sought)), one, None, other) == expected


@given(TEXTS)
def test_letter_case_does_not_count(text: str) -> None:
    for written in (text.upper(), text.lower(), text.title(), text.swapcase(), text.casefold()):
        assert words(written) == words(text)


@given(TEXTS, MARKS)
def test_diacritics_do_not_count(text: str, marks: str) -> None:
    for written in (unicodedata.normalize("NFD", text), unicodedata.normalize("NFC", text)):
        assert words(written) == words(text)
    assert words("".join(c + marks for c in text)) == words(text)


@given(st.lists(st.text("aé1 ", max_size=3) | TEXTS), PUNCTUATION)
def test_punctuation_separates_as_a_space_does(parts: list[str], punctuation: str) -> None:
    for separator in (" ", punctuation, *SIGNS):
        assert words(separator.join(parts)) == words(*parts)


@given(st.text())
def test_words_hold_no_space_no_punctuation_and_nothing_that_means_something_to_like(text: str) -> None:
    found = words(text)
    assert "" not in found
    assert [c for word in found for c in word if unicodedata.category(c)[0] in "PSZC"] == []


@given(st.lists(st.text("abcé", min_size=1, max_size=12)))
def test_a_search_text_of_ten_words_and_two_hundred_characters_is_read_and_more_is_refused(
    parts: list[str],
) -> None:
    zoektekst = " ".join(parts)
    if len(parts) <= 10:
        assert read_zoektekst(f" {zoektekst}\n") == alone(*words(zoektekst))
    else:
        with pytest.raises(ZoektekstOngeldig):
            read_zoektekst(zoektekst)


@given(st.integers(1, 400), st.sampled_from("aé.\U0001f600"))
def test_a_search_text_is_counted_in_code_points(length: int, sign: str) -> None:
    if length <= 200:
        assert read_zoektekst(sign * length) == alone(*words(sign * length))
    else:
        with pytest.raises(ZoektekstOngeldig):
            read_zoektekst(sign * length)


@pytest.mark.parametrize("blank", [None, "", " ", "\n\t", "\u00a0", "…?!", "%_", "\u0301", "\U0001f600"])
def test_a_blank_search_text_has_no_words_and_finds_everything(blank: str | None) -> None:
    assert read_zoektekst(blank) == Zoekvraag()
    assert matches(read_zoektekst(blank), "Dakkapel")


@pytest.mark.parametrize(
    ("zoektekst", "nummer"),
    [
        ("1234567890", "1234567890"),
        (" 0123456789\n", "0123456789"),
        ("123456789", None),
        ("12345678901", None),
        ("1234 567 890", "1234567890"),
        ("1234-567-890", "1234567890"),
        ("1234.567/890", "1234567890"),
        ("1 2 3 4 5 6 7 8 9 0", "1234567890"),
        ("1234\u202f567\u202f890", "1234567890"),
        ("１２３４５６７８９０", "1234567890"),
        ("#1234567890", "1234567890"),
        ("Taak 1234 567 890", "1234567890"),
        ("taak: 1234567890", "1234567890"),
        ("TAAK #1234-567-890.", "1234567890"),
        ("Contact 1234 567 890", "1234567890"),
        ("Klantcontact nr. 1234567890", "1234567890"),
        ("taak1234567890", "1234567890"),
        ("Taak", None),
        ("Dakkapel 1234567890", None),
        ("1234 567 8901", None),
        ("1234567890 x", None),
        ("123456789x", None),
        ("١٢٣٤٥٦٧٨٩٠", None),
        ("", None),
        (None, None),
    ],
)
def test_ten_digits_however_separated_are_a_number_with_what_is_numbered_before_them(
    zoektekst: str | None, nummer: str | None
) -> None:
    assert as_nummer(zoektekst) == nummer


@given(st.text("0123456789", min_size=10, max_size=10), st.text(" -./()#:,", max_size=3), st.data())
def test_a_number_is_found_however_it_is_separated(nummer: str, before: str, data: st.DataObject) -> None:
    separators = [data.draw(st.sampled_from(["", " ", "-", ".", ", ", "  "])) for _ in nummer]
    zoektekst = before + "".join(map("".join, zip(nummer, separators, strict=True)))
    for called in ("", "Taak ", "contact ", "#", "Taak #"):
        assert read_zoektekst(called + zoektekst).nummer == nummer
        assert matches(read_zoektekst(called + zoektekst), nummer)
        assert not matches(read_zoektekst(called + zoektekst), "Taak", "Contact")
