"""Settings of logins: keys, issuer, claims."""

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from app.access.discovery import is_issuer_address
from app.domain.model import Rol
from app.settings.kinds import Origins, Pairs, Texts
from app.transport.http.request_headers import ANY


class LoginSettings(BaseSettings):
    """How tokens are verified, and how their claims are read."""

    token_demo_key: str | None = Field(
        None,
        repr=False,
        description="a secret of at least 32 bytes, with which 'overdracht token' creates tokens; for development "
        "only",
    )
    token_key_file: Path | None = Field(None, description="a file with the issuer's public key in PEM form")
    token_jwks_file: Path | None = Field(None, description="a file with the issuer's keys as JWKS")
    oidc_issuer: str | None = Field(
        None,
        description="the URL of an OpenID Connect issuer, whose keys are fetched: https, or http on loopback",
    )
    oidc_timeout_seconds: float = Field(
        5.0, gt=0, le=60, description="the timeout for fetching the issuer's keys, in seconds, up to 60"
    )
    oidc_refetch_seconds: float = Field(
        10.0,
        gt=0,
        le=600,
        description="the minimum time between two requests for the issuer's keys, also if tokens name unknown "
        "keys, in seconds, up to 600",
    )
    oidc_refresh_seconds: float = Field(
        600.0,
        gt=0,
        le=86_400,
        description="how often the issuer's keys are fetched again, so that withdrawn keys are dropped, in "
        "seconds, up to 86400 (a day)",
    )
    oidc_keep_seconds: float = Field(
        43_200.0,
        gt=0,
        le=604_800,
        description="how long the issuer's keys stay valid while it cannot be reached, in seconds, up to 604800 (a "
        "week)",
    )
    oidc_client_id: str | None = Field(
        None,
        min_length=1,
        description="the client id of the screens at the issuer; if set, users of the screens log in there",
    )
    oidc_scope: str = Field(
        "openid profile",
        pattern=r"(^| )openid( |$)",
        description="the scopes that the screens request from the issuer, separated by spaces, openid among them",
    )
    oidc_origins: Origins = Field(
        (),
        description="origins that the screens may call to log in, besides the issuer's own, such as "
        "https://token.example, if parts of the issuer are elsewhere; separated by commas",
    )
    token_algorithms: Texts = Field(
        (),
        description="the allowed algorithms; by default HS256 with a demo key, else RS256, PS256, ES256, EdDSA",
    )
    token_issuer: str | None = Field(
        None,
        min_length=1,
        description="the `iss` that tokens must have; by default the URL of the issuer, else overdracht",
    )
    token_audience: Texts = Field(
        ("overdracht",),
        min_length=1,
        description="the `aud` that tokens must have; if there are several, separated by commas, one of them",
    )
    token_leeway_seconds: int = Field(
        30, ge=0, le=600, description="how far the issuer's clock may differ, 0 to 600 seconds"
    )
    login_seconds: float = Field(
        1.0,
        ge=0,
        le=60,
        description="how long the record of an employee is cached, so how late a change may be noticed, 0 to 60 "
        "seconds",
    )
    rights_poll_seconds: float = Field(
        0.5, gt=0, le=60, description="how often the database is polled for changed rights, in seconds, up to 60"
    )
    claim_subject: str = Field(
        "sub",
        min_length=1,
        description="the claim with the subject; for this and the other claims, a path with dots for a nested "
        "claim",
    )
    claim_name: str = Field("name", min_length=1, description="the claim with the employee's name")
    claim_eenheden: str = Field(
        "eenheden", min_length=1, description="the claim with the departments, by id or identificatie"
    )
    claim_rollen: str = Field("rollen", min_length=1, description="the claim with the roles")
    claim_eenheden_map: Pairs = Field(
        (),
        description="the issuer's groups and their departments here, as group=identificatie, separated by commas "
        "or as a JSON object; the first one is the employee's first department, other groups are "
        "ignored",
    )
    claim_rollen_map: Pairs = Field(
        (),
        description="the issuer's roles and their roles here, such as kcc-medewerker=KCC, separated by commas or "
        "as a JSON object; other roles are ignored",
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _can_be_trusted(cls, address: str | None) -> str | None:
        if address is not None and not is_issuer_address(address):
            raise ValueError("not such an address")
        return address

    @field_validator("oidc_origins")
    @classmethod
    def _each_named(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        if ANY in origins:
            raise ValueError("any origin is no origin that a login can be asked of")
        return origins

    @field_validator("claim_rollen_map")
    @classmethod
    def _known_roles(cls, pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        if unknown := {rol for _, rol in pairs} - {rol.value for rol in Rol}:
            raise ValueError(f"{', '.join(sorted(unknown))} is none of {', '.join(rol.value for rol in Rol)}")
        return pairs
