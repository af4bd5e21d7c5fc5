"""Settings of the database."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings


class StorageSettings(BaseSettings):
    """The database, its connections and timeouts."""

    database_url: str = Field(
        "sqlite+aiosqlite:///overdracht.sqlite",
        # It may contain a password, which must not be logged with the settings.
        repr=False,
        description=(
            "the database: sqlite+aiosqlite:/// with a file, or postgresql+asyncpg://user:password@host:port/name"
        ),
    )
    database_readers: int = Field(
        8,
        ge=1,
        le=1000,
        description="the number of connections for reading, 1 to 1000; on PostgreSQL as many again for writing",
    )
    database_wait_seconds: float = Field(
        3.0,
        gt=0,
        le=600,
        description="the total timeout for the database: for a free connection, for a lock of SQLite, for an "
        "answer of PostgreSQL; in seconds, up to 600",
    )
    sqlite_synchronous: Literal["FULL", "NORMAL"] = Field(
        "FULL",
        description="FULL keeps every commit after a power failure, NORMAL only after a killed process",
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if not (_is_sqlite_file(url) or _is_postgresql(url)):
            raise ValueError("not the URL of a SQLite file or of a PostgreSQL database")
        return url


def _is_sqlite_file(url: str) -> bool:
    file = url.removeprefix("sqlite+aiosqlite:///")
    return file not in (url, "", ":memory:")


def _is_postgresql(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # Reading `port` raises ValueError if it is not a valid port.
        has_names = parts.port != 0 and parts.hostname and parts.path.strip("/")
    except ValueError:
        return False
    return parts.scheme == "postgresql+asyncpg" and bool(has_names)
