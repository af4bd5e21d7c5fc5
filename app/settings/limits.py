"""Limits on what one request, connection or caller may ask."""

from pydantic import Field
from pydantic_settings import BaseSettings


class LimitSettings(BaseSettings):
    """What is refused before work is done."""

    connection_init_seconds: float = Field(
        5.0, gt=0, le=60, description="how long a WebSocket may take to say who it is, in seconds, up to 60"
    )
