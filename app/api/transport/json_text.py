"""JSON as it comes from outside: whatever is not JSON is refused in one way."""

import json
from typing import NoReturn

_MOST_CONTAINERS = 10_000
"""More objects and lists than any request has; of a body full of empty ones reading takes a tenth of a second."""


class NotJson(ValueError):
    """A text that is not JSON, or has more in it than is read."""


def read_json(text: str | bytes) -> object:
    """The value of a JSON text; bytes are UTF-8. Of a name that an object has twice the last value counts."""
    try:
        text = text if isinstance(text, str) else text.decode()
        if text.count("[") + text.count("{") > _MOST_CONTAINERS:
            raise NotJson
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        # No UTF-8, no JSON, a number of thousands of digits, or nested too deeply.
        raise NotJson from None


def _no_number(_: str) -> NoReturn:
    """NaN and Infinity are not JSON, though Python reads them."""
    raise NotJson
