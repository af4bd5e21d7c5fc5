"""What is taken and told over HTTP."""

from pydantic import Field
from pydantic_settings import BaseSettings

from app.settings.kinds import Hosts, Origins


class HttpSettings(BaseSettings):
    """Origins of pages, headers for browsers, bounds on requests."""

    hosts: Hosts = Field(
        (),
        description="the names under which this server is reached, as overdracht.gemeente.example, separated by "
        "commas; without any it answers to every name",
    )
    allowed_origins: Origins = Field(
        (),
        description="origins of browsers' pages that may call beside the server's own, as https://kcc.example, "
        "separated by commas; * for any",
    )
    cors_max_age_seconds: int = Field(
        600,
        ge=0,
        le=86_400,
        description="how long browsers may remember what such a page may ask, in seconds, up to 86400",
    )
    hsts_seconds: int = Field(
        0,
        ge=0,
        le=63_072_000,
        description="how long browsers that came by https come by it only, in seconds, up to 63072000; 0 for not",
    )
    max_body_bytes: int = Field(
        262_144, ge=1_024, le=16_777_216, description="how long a posted body may be, in bytes, 1024 to 16777216"
    )
    max_query_bytes: int = Field(
        16_384, ge=256, le=65_536, description="how long the query of a URL may be, in bytes, 256 to 65536"
    )
    max_head_bytes: int = Field(
        32_768, ge=4_096, le=131_072, description="how long the head of a request may be, in bytes, 4096 to 131072"
    )
    request_seconds: float = Field(
        15.0,
        gt=0,
        le=600,
        description="how long a request may take to come in, its head and then its body, and how long a client may "
        "take nothing of an answer, in seconds, up to 600",
    )
