"""Optional fields of inputs: null is as if left out."""

from typing import Any

import strawberry
from strawberry import UNSET


def optional(description: str) -> Any:
    """A field that may be left out; the schema shows no default for it."""
    return strawberry.field(default=UNSET, description=description)


def required(description: str) -> Any:
    """A field that must be given."""
    return strawberry.field(description=description)


def given(value: str | None) -> str | None:
    """The value of an optional field. An empty text is a value: it is for the domain to judge."""
    return None if value is UNSET else value
