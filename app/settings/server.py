"""Settings of the server: how it listens and stops, and which proxies it trusts."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings

from app.settings.kinds import Networks


class ServerSettings(BaseSettings):
    """Listening, stopping, proxies, pages."""

    host: str = Field("127.0.0.1", description="the address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="the port to listen on, 0 to 65535; 0 for any free one")
    workers: int = Field(1, ge=1, le=64, description="the number of server processes, 1 to 64")
    send_buffer_bytes: int = Field(
        65_536,
        ge=4_096,
        le=4_194_304,
        description="the size of the operating system's send buffer of a connection, in bytes, 4096 to 4194304; "
        "Linux doubles it",
    )
    drain_seconds: float = Field(
        10.0,
        gt=0,
        le=600,
        description="how long running requests get to end when the server stops, up to 600 seconds",
    )
    keep_alive_seconds: float = Field(
        15.0,
        gt=0,
        le=600,
        description="after how long without a request a connection is closed, in seconds, up to 600",
    )
    trusted_proxies: Networks = Field(
        (),
        description="addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are trusted, "
        "separated by commas",
    )
    screens: bool = Field(True, description="serve the screens, if they were built: true or false")
    screens_theme: Path | None = Field(
        None, description="a CSS file with your own theme for the screens: the tokens of NL Design System"
    )
    graphiql: bool = Field(False, description="serve the GraphiQL page: true or false")
