"""Phone numbers and e-mail addresses: the form in which they are kept, and the form in which they are searched."""

import re
import unicodedata

from app.domain.values.text import normalised

_DROPPED = re.compile(r"[ .\-/()]+")
_ZERO_BETWEEN = re.compile(r"(?<=[0-9])[ .\-/]*\( *0 *\)")
"""A zero in brackets behind a country code, which is dialled within that country only."""
_NUMBER = re.compile(r"\+[0-9]{9,15}", re.ASCII)
_NATIONAL = re.compile(r"0[0-9]{9}", re.ASCII)
_ANSWERED_ONLY = re.compile(r"(?:\+31|0)(?:800|900|906|909)[0-9]*", re.ASCII)
_FOURTEEN = re.compile(r"(?:\+31)?140[0-9]{2,3}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_PLAIN = {"Zs": " ", "Pd": "-", "Cf": ""}
"""What is put for the characters of these Unicode categories."""
_MOST = 200
"""Longer texts are refused unread: more than twice what an address may have."""


class AdresGeweigerd(ValueError):
    """An address that cannot be used. `bericht` says in Dutch why, and what to do, without the address."""

    def __init__(self, bericht: str) -> None:
        super().__init__(bericht)
        self.bericht = bericht


def read_phone_number(text: str) -> str:
    """A phone number in the form in which it is kept: + and 9 to 15 digits. Raises `AdresGeweigerd`.

    Spaces, dots, hyphens, slashes and brackets are dropped, and so is a zero in brackets behind a country code. A
    national number gets +31. Numbers that nobody can call back are refused.
    """
    plain = _plain(text)
    if plain[:1] in ("+", "0"):
        # The 0 of (0)20 stands for itself, and that of +31 (0)20 for nothing.
        international = plain.startswith(("+", "00"))
        plain = _ZERO_BETWEEN.sub("", plain) if international else plain
    digits = _DROPPED.sub("", plain)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+310"):
        digits = "+31" + digits[4:]
    if _ANSWERED_ONLY.fullmatch(digits) or _FOURTEEN.fullmatch(digits):
        raise AdresGeweigerd(
            "dit nummer kan niemand terugbellen. Vraag een nummer waarop de klant zelf te bereiken is."
        )
    if _NATIONAL.fullmatch(digits):
        digits = "+31" + digits[1:]
    if not _NUMBER.fullmatch(digits):
        raise AdresGeweigerd(_why_no_number(digits))
    return digits


def read_email(text: str) -> str:
    """An e-mail address in the form in which it is kept: as it was typed, without invisible characters. Raises
    `AdresGeweigerd`.
    """
    kept = _visible(text) if len(text) <= _MOST else ""
    if not _EMAIL.fullmatch(kept):
        raise AdresGeweigerd("dit is geen e-mailadres. Het heeft één @ en daarachter een punt: naam@voorbeeld.nl.")
    return kept


def compared_email(text: str) -> str:
    """The form in which an e-mail address is compared: in lower case."""
    return unicodedata.normalize("NFC", text.lower())


def searched_form(text: str) -> str | None:
    """The form in which a phone number or an e-mail address is searched; None if the text is neither."""
    for read, compared in ((read_phone_number, str), (read_email, compared_email)):
        try:
            return compared(read(normalised(text)))
        except AdresGeweigerd:
            continue
    return None


def _plain(text: str) -> str:
    """The text as somebody would type it: every space as a space, every hyphen as a hyphen, nothing invisible."""
    if len(text) > _MOST:
        raise AdresGeweigerd("dit nummer heeft te veel cijfers. Vul één telefoonnummer in.")
    return "".join(_PLAIN.get(unicodedata.category(c), c) for c in text).strip(" ")


def _visible(text: str) -> str:
    """The text without format characters, which phones and mail programs paste along."""
    return normalised("".join(c for c in text if unicodedata.category(c) != "Cf"))


def _why_no_number(digits: str) -> str:
    """Why what is left of a text is no phone number, and what to do."""
    if any(c.isalpha() for c in digits) or any(c in digits for c in "#;,*"):
        return "vul alleen het nummer in. Zet een toestelnummer of een naam in de omschrijving."
    if re.search(r"[^+0-9]", digits, re.ASCII):
        return "gebruik de cijfers 0 tot en met 9, met alleen een + voor een landcode."
    if "+" in digits[1:]:
        return "een + kan alleen vooraan staan. Vul één telefoonnummer in."
    number = digits.lstrip("+")
    if not number:
        return "vul een telefoonnummer in, zoals 06 12345678."
    if digits[0] not in "+0":
        return "begin met 0, of met + en een landcode, zoals 06 12345678 of +32 470 12 34 56."
    if len(number) > (15 if digits.startswith("+") else 10):
        return "dit nummer heeft te veel cijfers. Vul één telefoonnummer in."
    return "dit nummer heeft te weinig cijfers. Vraag het nummer opnieuw."
