"""Settings of live updates: the hint bus, polling, presence and slow readers."""

from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError


class LiveSettings(BaseSettings):
    """The hint bus, polling, presence, and limits for slow readers."""

    broker_url: str = Field(
        "memory://",
        repr=False,
        description="the broker of the hint bus: memory:// for one process, redis://… or rediss://… for several",
    )
    bus_beat_seconds: float = Field(
        1.0, gt=0, le=60, description="how often the hint bus sends itself a heartbeat, in seconds, up to 60"
    )
    bus_deaf_seconds: float = Field(
        3.0,
        gt=0,
        le=600,
        description="after how long without its own heartbeats the hint bus counts as broken, in seconds, at least "
        "two heartbeats, up to 600",
    )
    bus_retry_seconds: float = Field(
        0.25,
        gt=0,
        le=0.75,
        description="the delay before the hint bus connects again, in seconds; doubled after each failure, up to "
        "0.75",
    )
    max_behind: int = Field(10_000, ge=1, description="how many facts a subscriber may be behind, from 1")
    poll_seconds: float = Field(
        1.0, gt=0, le=60, description="how often the table of facts is polled, in seconds, up to 60"
    )
    presence_renew_seconds: float = Field(
        2.0, gt=0, le=60, description="how often a process writes who has an inbox open, in seconds, up to 60"
    )
    presence_void_seconds: float = Field(
        5.0,
        gt=0,
        le=300,
        description="after how long without such a write of a process nobody of it counts as present, in seconds, "
        "up to 300",
    )
    presence_ping_seconds: float = Field(
        10.0,
        gt=0,
        le=60,
        description="how often a WebSocket with an inbox open is pinged, in seconds, up to 60",
    )
    presence_answer_seconds: float = Field(
        20.0,
        gt=0,
        le=300,
        description="after how long without a message on such a WebSocket its employee no longer counts as "
        "present, in seconds, up to 300",
    )
    max_pending_bytes: int = Field(
        262_144,
        ge=16_384,
        description="how much data may wait for a slow reader on one connection, in bytes, from 16384",
    )
    silence_seconds: float = Field(
        30.0,
        gt=0,
        le=3600,
        description="how long a connection may read none of the data that waits for it, or send nothing, in "
        "seconds, up to 3600",
    )

    @field_validator("broker_url")
    @classmethod
    def _known_broker(cls, url: str) -> str:
        if url != "memory://" and not _is_redis(url):
            raise ValueError("not the URL of such a broker")
        return url

    @field_validator("presence_answer_seconds")
    @classmethod
    def _outlasts_a_ping(cls, seconds: float, info: ValidationInfo) -> float:
        if seconds <= info.data.get("presence_ping_seconds", 0):
            raise ValueError("not more than between two pings")
        return seconds

    @field_validator("bus_deaf_seconds")
    @classmethod
    def _hears_a_second_time(cls, seconds: float, info: ValidationInfo) -> float:
        if seconds < 2 * info.data.get("bus_beat_seconds", 0):
            raise ValueError("less than two heartbeats")
        return seconds


def _is_redis(url: str) -> bool:
    """Whether redis-py accepts a URL with its options. This does not connect."""
    try:
        parts = urlsplit(url)
        ConnectionPool.from_url(url).make_connection()  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, RedisError):
        return False
    return parts.scheme in ("redis", "rediss") and bool(parts.hostname)
