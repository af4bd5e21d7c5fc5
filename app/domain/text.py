"""What a text may hold, and the form in which it is kept."""

import re
import unicodedata
import uuid

_SPACES = " \n" + "".join(chr(c) for c in range(0x80, 0x3001) if unicodedata.category(chr(c)).startswith("Z"))
"""What is trimmed: the space, the line feed and the separators of Unicode (categories Zs, Zl, Zp)."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


def normalised(text: str) -> str:
    """The form in which a text is kept and compared: line ends as LF, tabs as a space, NFC, trimmed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unicodedata.normalize("NFC", text).strip(_SPACES)


def is_blank(text: str) -> bool:
    """Whether a normalised text shows nothing: no characters, or only separators and format characters."""
    return all(unicodedata.category(c) == "Cf" or c in _SPACES for c in text)


def is_allowed(text: str, *, several_lines: bool) -> bool:
    """Whether a normalised text holds no control character and no lone surrogate.

    The line feed is a control character as well; it is allowed where a text may have several lines. Format
    characters, any script and emoji are allowed.
    """
    return not any(unicodedata.category(c) in ("Cc", "Cs") and not (several_lines and c == "\n") for c in text)


def read_uuid(text: str) -> str | None:
    """A UUID in hyphenated form, any case, in lower case; None for any other form."""
    lower = text.lower()
    return lower if _UUID.fullmatch(lower) else None


def new_id() -> str:
    """A fresh random UUID in the form that is kept."""
    return str(uuid.uuid4())
