"""Values of enums that a newer program stored: handed out as they are stored, by graphql-core as by plans."""

from enum import Enum
from typing import Any

from strawberry.schema.schema_converter import CustomGraphQLEnumType


def hand_out_as_stored(type_: CustomGraphQLEnumType) -> None:
    """Have an enum of the schema write a text that is none of its values as it is: enums grow, clients know that.

    Strawberry makes the type itself and offers no other way. What comes in is held to the values of the schema.
    """
    known = type_.coerce_output_value

    def coerced(output_value: Any) -> str:
        is_plain = isinstance(output_value, str) and not isinstance(output_value, Enum)
        return output_value if is_plain else known(output_value)

    type_.coerce_output_value = coerced  # type: ignore[method-assign]
