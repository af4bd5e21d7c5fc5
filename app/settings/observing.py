"""What the server tells of itself."""

from pydantic import Field
from pydantic_settings import BaseSettings


class ObservingSettings(BaseSettings):
    """Figures."""

    metrics_token: str | None = Field(
        None,
        min_length=16,
        repr=False,
        description="a secret of at least 16 characters; who sends it as bearer token is served /metrics",
    )
