"""Phone numbers: the one form in which they are kept, and why a number is refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calling_back.addresses import AdresGeweigerd, read_phone_number, searched_form

MOBILE, HAGUE, AMSTERDAM = "+31612345678", "+31701234567", "+31201234567"
UNREACHABLE = "dit nummer kan niemand terugbellen. Vraag een nummer waarop de klant zelf te bereiken is."
TOO_FEW = "dit nummer heeft te weinig cijfers. Vraag het nummer opnieuw."
TOO_MANY = "dit nummer heeft te veel cijfers. Vul één telefoonnummer in."
BEGIN = "begin met 0, of met + en een landcode, zoals 06 12345678 of +32 470 12 34 56."
ONLY_NUMBER = "vul alleen het nummer in. Zet een toestelnummer of een naam in de omschrijving."
DIGITS = "gebruik de cijfers 0 tot en met 9, met alleen een + voor een landcode."
PLUS = "een + kan alleen vooraan staan. Vul één telefoonnummer in."
NOTHING = "vul een telefoonnummer in, zoals 06 12345678."

KEPT = {
    "0612345678": MOBILE,
    "06 12345678": MOBILE,
    "06-12345678": MOBILE,
    "06 - 12 34 56 78": MOBILE,
    "06.12.34.56.78": MOBILE,
    "06/12345678": MOBILE,
    "0 6 1 2 3 4 5 6 7 8": MOBILE,
    "(06) 12345678": MOBILE,
    "(0)612345678": MOBILE,
    "+31612345678": MOBILE,
    "+31 6 12345678": MOBILE,
    "+31 6 12 34 56 78": MOBILE,
    "+31-6-12345678": MOBILE,
    "+31(6)12345678": MOBILE,
    "+31 (0)6 12345678": MOBILE,
    "+31(0)6-12345678": MOBILE,
    "+31 0612345678": MOBILE,
    "+310612345678": MOBILE,
    "(+31) 6 12345678": MOBILE,
    "0031612345678": MOBILE,
    "0031 6 12345678": MOBILE,
    "0031 (0)6 12345678": MOBILE,
    "0031 06 12345678": MOBILE,
    "00 31 6 12345678": MOBILE,
    "06\u00a012345678": MOBILE,
    "06\u200912345678": MOBILE,
    "06\u201112345678": MOBILE,
    "06\u201312345678": MOBILE,
    "\u202a+31 6 12345678\u202c": MOBILE,
    "\u200e06 12345678": MOBILE,
    "070-1234567": HAGUE,
    "(070) 123 45 67": HAGUE,
    "(0)70 123 45 67": HAGUE,
    "070 / 123 45 67": HAGUE,
    "+31 (0)70 123 45 67": HAGUE,
    "0031-70-1234567": HAGUE,
    "020 1234567": AMSTERDAM,
    "(020)1234567": AMSTERDAM,
    "0592-123456": "+31592123456",
    "088 1234567": "+31881234567",
    "0880123456": "+31880123456",
    "085 - 123 45 67": "+31851234567",
    "087 1234567": "+31871234567",
    "020-0900123": "+31200900123",
    "020 0800 123": "+31200800123",
    "+32 470 12 34 56": "+32470123456",
    "0032 2 123 45 67": "+3221234567",
    "+49 (0)30 123456": "+4930123456",
    "0049 30 123456": "+4930123456",
    "+44 (0)20 7946 0958": "+442079460958",
    "+39 06 1234567": "+39061234567",
    "+1 (212) 555-0123": "+12125550123",
    "+90 532 123 45 67": "+905321234567",
    "+212 6 12 34 56 78": "+212612345678",
    "+597 471234 12": "+59747123412",
    "+352123456": "+352123456",
    "+123456789012345": "+123456789012345",
}
REFUSED = {
    "0800 1234567": UNREACHABLE,
    "0800-1234": UNREACHABLE,
    "0900 1234": UNREACHABLE,
    "0900-1234567": UNREACHABLE,
    "0906 123456": UNREACHABLE,
    "0909 1234": UNREACHABLE,
    "+31 900 1234567": UNREACHABLE,
    "0031 800 1234567": UNREACHABLE,
    "+31 (0)909 1234": UNREACHABLE,
    "14 020": UNREACHABLE,
    "14020": UNREACHABLE,
    "14 0591": UNREACHABLE,
    "+31 14 020": UNREACHABLE,
    "003114070": UNREACHABLE,
    "06 1234567": TOO_FEW,
    "020 123456": TOO_FEW,
    "+31 6 1": TOO_FEW,
    "+3112345": TOO_FEW,
    "0112": TOO_FEW,
    "06 123456789": TOO_MANY,
    "06-12345678 / 070-1234567": TOO_MANY,
    "+1234567890123456": TOO_MANY,
    "612345678": BEGIN,
    "31612345678": BEGIN,
    "112": BEGIN,
    "1234": BEGIN,
    "+0612345678": BEGIN,
    "06 1234567x": ONLY_NUMBER,
    "tel:+31612345678": ONLY_NUMBER,
    "020 1234567 tst 12": ONLY_NUMBER,
    "020 1234567 toestel 12": ONLY_NUMBER,
    "020-1234567 #12": ONLY_NUMBER,
    "06 12345678 (thuis)": ONLY_NUMBER,
    "geen": ONLY_NUMBER,
    "O6 12345678": ONLY_NUMBER,
    "٠٦١٢٣٤٥٦٧٨": DIGITS,
    "０６１２３４５６７８": DIGITS,
    "06_12345678": DIGITS,
    "06\n12345678": DIGITS,
    "+31 6 12345678 & +31 6 12345679": DIGITS,
    "++31612345678": PLUS,
    "06 12345678 + 2": PLUS,
    "+31+612345678": PLUS,
    "": NOTHING,
    "+": NOTHING,
    "()": NOTHING,
    " - ": NOTHING,
}
SENTENCES = set(REFUSED.values())

SEPARATORS = st.text(" .-/", max_size=3)


@pytest.mark.parametrize("typed", KEPT)
def test_a_phone_number_is_kept_in_one_form(typed: str) -> None:
    assert read_phone_number(typed) == KEPT[typed]
    assert searched_form(typed) == KEPT[typed]


@pytest.mark.parametrize("typed", REFUSED)
def test_what_nobody_can_call_back_is_refused_with_what_to_do(typed: str) -> None:
    with pytest.raises(AdresGeweigerd) as refused:
        read_phone_number(typed)
    assert refused.value.bericht == REFUSED[typed]


@given(st.sampled_from(sorted(KEPT)), st.lists(SEPARATORS, min_size=20, max_size=20))
def test_separators_change_nothing(typed: str, between: list[str]) -> None:
    spread = "".join(c + separator for c, separator in zip(KEPT[typed], between * 2, strict=False))
    assert read_phone_number(spread) == KEPT[typed]


@given(st.text(max_size=40) | st.from_regex(r"[+0][0-9 ()./-]{5,25}", fullmatch=True))
def test_any_text_gives_a_number_that_stays_the_same_or_one_of_the_sentences(text: str) -> None:
    try:
        answer = read_phone_number(text)
    except AdresGeweigerd as refused:
        answer = refused.bericht
    if answer not in SENTENCES:
        assert re.fullmatch(r"\+[0-9]{9,15}", answer, re.ASCII)
        assert read_phone_number(answer) == answer


def test_a_text_of_any_length_is_answered() -> None:
    for text in ("0" * 10_000, "(0)" * 10_000, "\ud800" * 300):
        with pytest.raises(AdresGeweigerd):
            read_phone_number(text)
        assert searched_form(text) is None
