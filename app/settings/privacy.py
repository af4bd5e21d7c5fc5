"""Settings of the processing log."""

from pydantic import Field
from pydantic_settings import BaseSettings


class PrivacySettings(BaseSettings):
    """The processing log (verwerkingenlog)."""

    verwerkingenlog: str = Field(
        "-",
        min_length=1,
        description="where the processing log (who read and changed what) is written: a file, - for standard "
        "output, uit for nowhere",
    )
