"""All settings, combined from the other modules in this package."""

from typing import Any, Self

from pydantic import ValidationError, ValidationInfo, field_validator
from pydantic_settings import SettingsConfigDict

from app.settings.http import HttpSettings
from app.settings.limits import LimitSettings
from app.settings.live import LiveSettings
from app.settings.login import LoginSettings
from app.settings.observing import ObservingSettings
from app.settings.privacy import PrivacySettings
from app.settings.register import RegisterSettings
from app.settings.server import ServerSettings
from app.settings.storage import StorageSettings

PREFIX = "OVERDRACHT_"


class SettingsWrong(Exception):
    """One or more settings are invalid; the message names each variable and the values that it accepts."""


class Settings(
    # In reverse order, because pydantic lists the fields of the last base class first.
    ObservingSettings,
    PrivacySettings,
    LimitSettings,
    LiveSettings,
    LoginSettings,
    RegisterSettings,
    HttpSettings,
    ServerSettings,
    StorageSettings,
):
    """All settings, each with its default and the values that it accepts."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    @field_validator("max_execution_seconds")
    @classmethod
    def _outlasts_database(cls, seconds: float, read: ValidationInfo) -> float:
        """Otherwise an operation that waits for the database would fail with LIMIET_OVERSCHREDEN instead of
        NIET_BESCHIKBAAR, which says that the client can retry.
        """
        if seconds <= read.data.get("database_wait_seconds", 0):
            raise ValueError("not longer than OVERDRACHT_DATABASE_WAIT_SECONDS")
        return seconds

    @classmethod
    def read(cls, **given: Any) -> Self:
        """Read the settings from the environment; `given` ones take precedence. Raises `SettingsWrong`."""
        try:
            return cls(**given)
        except ValidationError as error:
            raise SettingsWrong(
                "\n".join(_message(problem["loc"], problem["msg"]) for problem in error.errors())
            ) from None


def _message(location: tuple[int | str, ...], message: str) -> str:
    name = str(location[0])
    return f"{PREFIX}{name.upper()}: {message}. It is {Settings.model_fields[name].description}."
