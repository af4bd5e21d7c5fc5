"""The settings: environment variables named OVERDRACHT_…, read once, frozen, handed down."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from app.domain.text import is_allowed, normalised

PREFIX = "OVERDRACHT_"


class SettingsWrong(Exception):
    """One or more settings cannot be used; the message names each variable and what it accepts."""


def _split(value: object) -> object:
    """A text with commas as a list; what is a list already stays."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


Texts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """Every setting, with its default and what it accepts."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    database_url: str = Field(
        "sqlite+aiosqlite:///overdracht.sqlite",
        # It may hold a password, and whoever logs settings must not log that.
        repr=False,
        description=(
            "the database: sqlite+aiosqlite:/// with a file, or postgresql+asyncpg://user:password@host:port/name"
        ),
    )
    database_readers: int = Field(
        8,
        ge=1,
        le=1000,
        description="connections for reading, 1 to 1000; on PostgreSQL the pool is as large again for writing",
    )
    database_wait_seconds: float = Field(
        10.0,
        gt=0,
        le=600,
        description="how long to wait for the database, for one of its connections or for a lock of SQLite, "
        "in seconds, up to 600",
    )
    sqlite_synchronous: Literal["FULL", "NORMAL"] = Field(
        "FULL",
        description="FULL keeps every commit through a power cut, NORMAL through a killed process only",
    )
    broker_url: str = Field(
        "memory://",
        repr=False,
        description="the broker of hints: memory:// for one process, redis://… or rediss://… for several",
    )
    bus_beat_seconds: float = Field(
        1.0, gt=0, le=60, description="how often the hint bus sends itself a heartbeat, in seconds, up to 60"
    )
    bus_deaf_seconds: float = Field(
        3.0,
        gt=0,
        le=600,
        description="how long it may not hear itself, in seconds, at least two heartbeats, up to 600",
    )
    bus_retry_seconds: float = Field(
        0.25,
        gt=0,
        le=0.75,
        description="how long it waits before it connects anew, in seconds; doubled each time, up to 0.75",
    )

    host: str = Field("127.0.0.1", description="the address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="the port to listen on, 0 for any free one")
    workers: int = Field(1, ge=1, le=64, description="how many processes serve, 1 to 64")
    drain_seconds: float = Field(
        10.0, gt=0, le=600, description="how long requests may take to end when the server stops, up to 600 seconds"
    )
    allowed_origins: Texts = Field(
        (), description="origins of browsers' pages that may call, separated by commas; * for any"
    )
    graphiql: bool = Field(False, description="serve the GraphiQL page: true or false")

    kanalen: Texts = Field(
        ("Telefoon", "Balie", "E-mail", "Brief", "Chat", "WhatsApp", "Sociale media", "Webformulier"),
        min_length=1,
        description="the channels, separated by commas, the default first",
    )
    gevraagde_handelingen: Texts = Field(
        (
            "Overname gesprek met klant",
            "Terugbellen",
            "Informatie opzoeken en terugkoppelen",
            "Afspraak maken",
        ),
        description="suggestions for gevraagdeHandeling, separated by commas",
    )

    token_demo_key: str | None = Field(
        None,
        repr=False,
        description="a secret of at least 32 bytes; for development: with it 'overdracht token' makes tokens",
    )
    token_key_file: Path | None = Field(None, description="a file with the issuer's public key in PEM form")
    token_jwks_file: Path | None = Field(None, description="a file with the issuer's keys as JWKS")
    token_algorithms: Texts = Field(
        (),
        description="allowed algorithms; by default HS256 with a demo key, else RS256, PS256, ES256, EdDSA",
    )
    token_issuer: str = Field("overdracht", min_length=1, description="the `iss` that tokens must have")
    token_audience: str = Field("overdracht", min_length=1, description="the `aud` that tokens must have")
    token_leeway_seconds: int = Field(30, ge=0, le=600, description="how far clocks may differ, 0 to 600 seconds")
    login_seconds: float = Field(
        1.0, ge=0, le=60, description="how late a change of an employee may be noticed, 0 to 60 seconds"
    )
    claim_subject: str = Field("sub", min_length=1, description="the claim with the subject")
    claim_name: str = Field("name", min_length=1, description="the claim with the employee's name")
    claim_eenheden: str = Field(
        "eenheden", min_length=1, description="the claim with the departments, by id or identificatie"
    )
    claim_rollen: str = Field("rollen", min_length=1, description="the claim with the roles")

    max_behind: int = Field(10_000, ge=1, description="how many facts a subscriber may be behind")
    poll_seconds: float = Field(1.0, gt=0, le=60, description="how often the table is polled, in seconds, up to 60")
    presence_renew_seconds: float = Field(
        2.0, gt=0, le=60, description="how often a process tells who has an inbox open, in seconds, up to 60"
    )
    presence_void_seconds: float = Field(
        5.0, gt=0, le=300, description="after how long without it nobody is counted any more, in seconds, up to 300"
    )
    max_pending_bytes: int = Field(
        262_144,
        ge=16_384,
        description="how much may wait for a slow reader on one connection, in bytes, from 16384",
    )
    silence_seconds: float = Field(
        30.0,
        gt=0,
        le=3600,
        description="how long a connection may take nothing of what waits, or say nothing, in seconds, up to 3600",
    )
    connection_init_seconds: float = Field(
        5.0, gt=0, le=60, description="how long a WebSocket may take to say who it is, in seconds, up to 60"
    )
    metrics_token: str | None = Field(
        None,
        min_length=16,
        repr=False,
        description="a secret of at least 16 characters; who sends it as bearer token is served /metrics",
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if not (_is_sqlite_file(url) or _is_postgresql(url)):
            raise ValueError("not the URL of a SQLite file or of a PostgreSQL database")
        return url

    @field_validator("broker_url")
    @classmethod
    def _known_broker(cls, url: str) -> str:
        if url != "memory://" and not _is_redis(url):
            raise ValueError("not the URL of such a broker")
        return url

    @field_validator("bus_deaf_seconds")
    @classmethod
    def _hears_a_second_time(cls, seconds: float, info: ValidationInfo) -> float:
        if seconds < 2 * info.data.get("bus_beat_seconds", 0):
            raise ValueError("less than two heartbeats")
        return seconds

    @field_validator("kanalen", "gevraagde_handelingen")
    @classmethod
    def _kept(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        """In the form in which what is registered is compared with them, each once."""
        kept = tuple(dict.fromkeys(normalised(text) for text in texts))
        if not all(len(text) <= 200 and is_allowed(text, several_lines=False) for text in kept):
            raise ValueError("one of them is longer than 200 code points or has a control character")
        return kept

    @classmethod
    def read(cls, **given: Any) -> Self:
        """The settings of this process's environment, but for those that are given; `SettingsWrong` names every
        wrong variable.
        """
        try:
            return cls(**given)
        except ValidationError as error:
            raise SettingsWrong(
                "\n".join(_said(problem["loc"], problem["msg"]) for problem in error.errors())
            ) from None


def _is_redis(url: str) -> bool:
    """Whether redis-py can do something with a URL, its options included. Nothing is connected by this."""
    try:
        parts = urlsplit(url)
        ConnectionPool.from_url(url).make_connection()  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, RedisError):
        return False
    return parts.scheme in ("redis", "rediss") and bool(parts.hostname)


def _is_sqlite_file(url: str) -> bool:
    file = url.removeprefix("sqlite+aiosqlite:///")
    return file not in (url, "", ":memory:")


def _is_postgresql(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # Read to be checked: a port that is none raises.
        named = parts.port != 0 and parts.hostname and parts.path.strip("/")
    except ValueError:
        return False
    return parts.scheme == "postgresql+asyncpg" and bool(named)


def _said(location: tuple[int | str, ...], message: str) -> str:
    name = str(location[0])
    return f"{PREFIX}{name.upper()}: {message}. It is {Settings.model_fields[name].description}."
