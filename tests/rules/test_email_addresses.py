"""E-mail addresses: what is one, and in which form they are compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calling_back.addresses import AdresGeweigerd, compared_email, read_email, searched_form

REFUSED = (
    *("", "bakker", "@voorbeeld.nl", "bakker@", "bakker@voorbeeld", "bakker@.nl", "bakker@voorbeeld."),
    *(
        "a@b@voorbeeld.nl",
        "a b@voorbeeld.nl",
        "a@voor beeld.nl",
        "a@voorbeeld..nl",
        "a\n@voorbeeld.nl",
        "\x00@b.nl",
    ),
)


@pytest.mark.parametrize(
    "typed", ["a@b.nl", "A.Bakker+werk@mail.voorbeeld.nl", "żółw@ćma.pl", "o'neil@voorbeeld.nl"]
)
def test_an_address_is_kept_as_it_was_typed(typed: str) -> None:
    assert read_email(typed) == typed


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_address_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(AdresGeweigerd, match=r"naam@voorbeeld\.nl"):
        read_email(typed)
    assert searched_form(typed) is None


def test_invisible_characters_that_are_pasted_along_are_dropped() -> None:
    assert read_email("\u200ba@b.nl\u202c") == "a@b.nl"


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd", "Mn"]), min_size=1, max_size=20))
def test_addresses_are_compared_without_regard_to_case_and_normal_form(name: str) -> None:
    address = f"a{name}@voorbeeld.nl"
    form = searched_form(address)
    assert form == searched_form(unicodedata.normalize("NFD", address))
    assert form == searched_form(address.lower())
    assert form is not None
    assert compared_email(form) == form
