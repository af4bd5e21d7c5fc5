"""Checking the form of an input: every breach is collected, each with its path and code."""

from app.domain.refusals import Invoerfout, OngeldigeInvoer, OngeldigVeld
from app.domain.values.ids import read_uuid
from app.domain.values.text import first_unwanted, is_blank, normalised

Pad = tuple[str, ...]


class Breaches:
    """The breaches found so far in one input; `raise_any` ends the checking."""

    def __init__(self) -> None:
        self.velden: list[OngeldigVeld] = []

    def add(self, pad: Pad, code: Invoerfout, bericht: str, maximum: int | None = None) -> None:
        """Note a breach at a path; the message starts with the name of the field."""
        self.velden.append(OngeldigVeld(pad, code, f"{_field_name(pad)}: {bericht}", maximum))

    def raise_any(self) -> None:
        """Refuse the input with `OngeldigeInvoer` if anything was found."""
        if self.velden:
            raise OngeldigeInvoer(self.velden)

    def required_text(self, pad: Pad, text: str, maximum: int) -> None:
        """Refuse a blank, over-long or unprintable text, of one line. It is normalised already."""
        if is_blank(text):
            self.add(pad, Invoerfout.VERPLICHT, "vul dit in.")
        self.optional_text(pad, text, maximum)

    def optional_text(self, pad: Pad, text: str | None, maximum: int, *, several_lines: bool = False) -> None:
        """Refuse an over-long or unprintable text. It is normalised already; blank is None."""
        if text is None:
            return
        if len(text) > maximum:
            self.too_long(pad, maximum)
        if unwanted := first_unwanted(text, several_lines=several_lines):
            what = f"teken {unwanted.position} is een teken dat niet kan ({unwanted.code_point})."
            self.add(pad, Invoerfout.ONGELDIG_TEKEN, what)

    def too_long(self, pad: Pad, maximum: int) -> None:
        """Note that a text has more than so many code points."""
        self.add(pad, Invoerfout.TE_LANG, f"hoogstens {maximum} tekens.", maximum)

    def uuid(self, pad: Pad, text: str | None) -> bool:
        """Refuse an id that is no UUID in hyphenated form; whether it is well formed, or left out."""
        well_formed = text is None or read_uuid(text) is not None
        if not well_formed:
            self.add(pad, Invoerfout.ONGELDIGE_WAARDE, "dit is geen geldig id.")
        return well_formed


def cleaned_text(text: str | None) -> str | None:
    """An optional text as it is kept: normalised, and None where nothing is left to read."""
    if text is None or is_blank(cleaned := normalised(text)):
        return None
    return cleaned


def cleaned_id(text: str | None) -> str | None:
    """An optional id as it is kept: lower case. What is no UUID stays as it was, for the check to find."""
    return None if text is None else read_uuid(text) or text


def _field_name(pad: Pad) -> str:
    return next((part for part in reversed(pad) if not part.isdigit()), "invoer")
