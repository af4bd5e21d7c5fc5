"""Every setting, from the modules beside this one."""

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
    """One or more settings cannot be used; the message names each variable and what it accepts."""


class Settings(
    # From the last to the first: pydantic lists the fields of the last base first.
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
    """Every setting, with its default and what it accepts."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    @field_validator("max_execution_seconds")
    @classmethod
    def _outlasts_database(cls, seconds: float, read: ValidationInfo) -> float:
        """Else whoever waits for the database is told that they ask too much, and not that they may ask again."""
        if seconds <= read.data.get("database_wait_seconds", 0):
            raise ValueError("not longer than OVERDRACHT_DATABASE_WAIT_SECONDS")
        return seconds

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


def _said(location: tuple[int | str, ...], message: str) -> str:
    name = str(location[0])
    return f"{PREFIX}{name.upper()}: {message}. It is {Settings.model_fields[name].description}."
