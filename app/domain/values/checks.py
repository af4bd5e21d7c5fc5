"""Checks on the values of an input. Every error is collected, with its path and code."""

from app.domain.refusals import Invoerfout, OngeldigeInvoer, OngeldigVeld
from app.domain.values.ids import read_uuid
from app.domain.values.text import first_unwanted, is_blank, normalised

Pad = tuple[str, ...]
"""The path of a field in an input: names of fields and indexes of lists, from the input's root."""


class Breaches:
    """The errors found so far in one input; call `raise_any` when all checks are done."""

    def __init__(self) -> None:
        self.velden: list[OngeldigVeld] = []

    def add(self, pad: Pad, code: Invoerfout, bericht: str, maximum: int | None = None) -> None:
        """Add an error at a path; the name of the field is put before the message."""
        self.velden.append(OngeldigVeld(pad, code, f"{_field_name(pad)}: {bericht}", maximum))

    def raise_any(self) -> None:
        """Raise `OngeldigeInvoer` if there are errors."""
        if self.velden:
            raise OngeldigeInvoer(self.velden)

    def required_text(self, pad: Pad, text: str, maximum: int) -> None:
        """Check a text of one line that must be filled in. `text` is normalised; `maximum` is in code points."""
        if is_blank(text):
            self.add(pad, Invoerfout.VERPLICHT, "vul dit in.")
        self.optional_text(pad, text, maximum)

    def optional_text(self, pad: Pad, text: str | None, maximum: int, *, several_lines: bool = False) -> bool:
        """Check the length and characters of a text. `text` is normalised and None if blank; `maximum` is in code
        points. Returns whether nothing is wrong with them.
        """
        if text is None:
            return True
        if len(text) > maximum:
            self.too_long(pad, maximum)
        unwanted = first_unwanted(text, several_lines=several_lines)
        if unwanted:
            what = f"teken {unwanted.position} is een teken dat niet kan ({unwanted.code_point})."
            self.add(pad, Invoerfout.ONGELDIG_TEKEN, what)
        return len(text) <= maximum and unwanted is None

    def too_long(self, pad: Pad, maximum: int) -> None:
        """Add the error that a text has more than `maximum` code points."""
        self.add(pad, Invoerfout.TE_LANG, f"hoogstens {maximum} tekens.", maximum)

    def uuid(self, pad: Pad, text: str | None) -> bool:
        """Check that an id is a UUID in hyphenated form; returns True if it is, or if it is None."""
        well_formed = text is None or read_uuid(text) is not None
        if not well_formed:
            self.add(pad, Invoerfout.ONGELDIGE_WAARDE, "dit is geen geldig id.")
        return well_formed


def cleaned_text(text: str | None) -> str | None:
    """An optional text in stored form: normalised, and None if it is blank."""
    if text is None or is_blank(cleaned := normalised(text)):
        return None
    return cleaned


def cleaned_id(text: str | None) -> str | None:
    """An optional id in stored form: lower case. A text that is not a UUID is unchanged; a check refuses it."""
    return None if text is None else read_uuid(text) or text


def _field_name(pad: Pad) -> str:
    return next((part for part in reversed(pad) if not part.isdigit()), "invoer")
