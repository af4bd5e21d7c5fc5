"""Optional and required fields of inputs. For an optional field null means the same as leaving it out."""

from typing import Any

import strawberry
from strawberry import UNSET


def optional(description: str) -> Any:
    """A field that may be left out, without a default value in the schema."""
    return strawberry.field(default=UNSET, description=description)


def required(description: str) -> Any:
    """An input field that clients may not leave out, with its description in the schema."""
    return strawberry.field(description=description)


def given(value: str | None) -> str | None:
    """The value of an optional field, None if it is left out. An empty text stays as is; the domain checks it."""
    return None if value is UNSET else value
