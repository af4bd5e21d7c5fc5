"""Settings of monitoring and logging."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings


class ObservingSettings(BaseSettings):
    """Metrics, health checks, traces, the log."""

    metrics_token: str | None = Field(
        None,
        min_length=16,
        repr=False,
        description="a secret of at least 16 characters, the bearer token with which /metrics can be read",
    )
    ready_seconds: float = Field(
        2.0, gt=0, le=60, description="the timeout of a check of /readyz, in seconds, up to 60"
    )
    ready_keep_seconds: float = Field(
        1.0,
        ge=0,
        le=60,
        description="how long the result of a check of /readyz is cached, 0 to 60 seconds",
    )
    otlp_endpoint: str | None = Field(
        None,
        pattern="^https?://",
        # It may contain a password.
        repr=False,
        description="the base URL of an OpenTelemetry collector (OTLP/HTTP), for traces; needs the extra tracing",
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="the format of the log on stderr: text, or json with one object per line"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="the lowest level that is logged: DEBUG, INFO, WARNING or ERROR"
    )
    access_log: bool = Field(
        False, description="log every request by method, path, status and time, without its query: true or false"
    )
