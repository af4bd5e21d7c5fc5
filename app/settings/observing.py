"""What the server tells of itself."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings


class ObservingSettings(BaseSettings):
    """Figures, checks, traces, the log."""

    metrics_token: str | None = Field(
        None,
        min_length=16,
        repr=False,
        description="a secret of at least 16 characters; who sends it as bearer token is served /metrics",
    )
    ready_seconds: float = Field(
        2.0, gt=0, le=60, description="after how long without an answer a check of /readyz has failed, up to 60"
    )
    ready_keep_seconds: float = Field(
        1.0,
        ge=0,
        le=60,
        description="for how long what a check of /readyz found serves all who ask, 0 to 60 seconds",
    )
    otlp_endpoint: str | None = Field(
        None,
        pattern="^https?://",
        # It may hold a password.
        repr=False,
        description="the base URL of an OpenTelemetry collector (OTLP/HTTP), for traces; needs the extra tracing",
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="how the log is written to stderr: text, or json with one object on a line"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="what is logged: DEBUG, INFO, WARNING, ERROR, and what is worse"
    )
    access_log: bool = Field(
        False, description="log every request by method, path, status and time, without its query: true or false"
    )
