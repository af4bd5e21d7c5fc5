"""Where everything is kept."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings


class StorageSettings(BaseSettings):
    """The database."""

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
        3.0,
        gt=0,
        le=600,
        description="how long to wait for the database in all: for one of its connections, for a lock of SQLite, "
        "for the answer of PostgreSQL; in seconds, up to 600",
    )
    sqlite_synchronous: Literal["FULL_SHAPES", "NORMAL"] = Field(
        "FULL_SHAPES",
        description="FULL_SHAPES keeps every commit through a power cut, NORMAL through a killed process only",
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
        # Read to be checked: a port that is none raises.
        named = parts.port != 0 and parts.hostname and parts.path.strip("/")
    except ValueError:
        return False
    return parts.scheme == "postgresql+asyncpg" and bool(named)
