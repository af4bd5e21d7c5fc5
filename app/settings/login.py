"""Who is let in: keys, issuer, claims."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings

from app.settings.kinds import Texts


class LoginSettings(BaseSettings):
    """Tokens, and what they say of an employee."""

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
    rights_poll_seconds: float = Field(
        0.5, gt=0, le=60, description="how often is looked whether anybody's rights changed, in seconds, up to 60"
    )
    claim_subject: str = Field("sub", min_length=1, description="the claim with the subject")
    claim_name: str = Field("name", min_length=1, description="the claim with the employee's name")
    claim_eenheden: str = Field(
        "eenheden", min_length=1, description="the claim with the departments, by id or identificatie"
    )
    claim_rollen: str = Field("rollen", min_length=1, description="the claim with the roles")
