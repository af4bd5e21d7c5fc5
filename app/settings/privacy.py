"""What is written down of who read and changed what."""

from pydantic import Field
from pydantic_settings import BaseSettings


class PrivacySettings(BaseSettings):
    """The processing log."""

    verwerkingenlog: str = Field(
        "-",
        min_length=1,
        description="where who read and changed what is written: a file, - for standard output, uit for nowhere",
    )
