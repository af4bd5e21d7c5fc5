"""Settings of HTTP."""

from pydantic import Field
from pydantic_settings import BaseSettings

from app.settings.kinds import Hosts, Origins


class HttpSettings(BaseSettings):
    """Host names, origins of web pages, headers for browsers, and limits on requests."""

    hosts: Hosts = Field(
        (),
        description="the host names of this server, such as overdracht.gemeente.example, separated by commas; if "
        "empty, it accepts every host name",
    )
    allowed_origins: Origins = Field(
        (),
        description="origins of web pages that may call the API, besides the server's own, such as "
        "https://kcc.example, separated by commas; * for any",
    )
    cors_max_age_seconds: int = Field(
        600,
        ge=0,
        le=86_400,
        description="how long browsers may cache the permissions of such a page (CORS), in seconds, up to 86400",
    )
    hsts_seconds: int = Field(
        0,
        ge=0,
        le=63_072_000,
        description="how long browsers that used https must use it only (HSTS), in seconds, up to 63072000; 0 for "
        "no such rule",
    )
    max_body_bytes: int = Field(
        262_144,
        ge=1_024,
        le=16_777_216,
        description="the maximum length of a request's body, in bytes, 1024 to 16777216",
    )
    max_query_bytes: int = Field(
        16_384, ge=256, le=65_536, description="the maximum length of the query of a URL, in bytes, 256 to 65536"
    )
    max_head_bytes: int = Field(
        32_768,
        ge=4_096,
        le=131_072,
        description="the maximum length of a request's headers, in bytes, 4096 to 131072",
    )
    request_seconds: float = Field(
        15.0,
        gt=0,
        le=600,
        description="the timeout for receiving a request's headers, for receiving its body, and for a client that "
        "reads nothing of an answer, in seconds, up to 600",
    )
