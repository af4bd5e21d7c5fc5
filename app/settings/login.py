"""Who is let in: keys, issuer, claims."""

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from app.access.discovery import is_issuer_address
from app.domain.model import Rol
from app.settings.kinds import Origins, Pairs, Texts
from app.transport.http.request_headers import ANY


class LoginSettings(BaseSettings):
    """Tokens, and what they say of an employee."""

    token_demo_key: str | None = Field(
        None,
        repr=False,
        description="a secret of at least 32 bytes; for development: with it 'overdracht token' makes tokens",
    )
    token_key_file: Path | None = Field(None, description="a file with the issuer's public key in PEM form")
    token_jwks_file: Path | None = Field(None, description="a file with the issuer's keys as JWKS")
    oidc_issuer: str | None = Field(
        None,
        description="the address of an OpenID Connect issuer, whose keys are fetched: https, or http on loopback",
    )
    oidc_timeout_seconds: float = Field(
        5.0, gt=0, le=60, description="how long fetching an issuer's keys may take, in seconds, up to 60"
    )
    oidc_refetch_seconds: float = Field(
        10.0,
        gt=0,
        le=600,
        description="how often an issuer is asked at most, whatever keys tokens name, in seconds, up to 600",
    )
    oidc_refresh_seconds: float = Field(
        600.0,
        gt=0,
        le=86_400,
        description="how often its keys are fetched in any case, so that withdrawn ones vanish, in seconds, "
        "up to a day",
    )
    oidc_keep_seconds: float = Field(
        43_200.0,
        gt=0,
        le=604_800,
        description="how long its keys serve on while it is away, in seconds, up to a week",
    )
    oidc_client_id: str | None = Field(
        None, min_length=1, description="the id that the issuer knows the screens by; with it one logs in there"
    )
    oidc_scope: str = Field(
        "openid profile",
        pattern=r"(^| )openid( |$)",
        description="what the screens ask of the issuer, separated by spaces; openid must be among it",
    )
    oidc_origins: Origins = Field(
        (),
        description="origins that the screens ask for a login beside the issuer's own, as https://token.example, "
        "where it has parts elsewhere, separated by commas",
    )
    token_algorithms: Texts = Field(
        (),
        description="allowed algorithms; by default HS256 with a demo key, else RS256, PS256, ES256, EdDSA",
    )
    token_issuer: str | None = Field(
        None,
        min_length=1,
        description="the `iss` that tokens must have; by default the address of the issuer, else overdracht",
    )
    token_audience: Texts = Field(
        ("overdracht",),
        min_length=1,
        description="the `aud` that tokens must have, or several, separated by commas, of which they must have one",
    )
    token_leeway_seconds: int = Field(30, ge=0, le=600, description="how far clocks may differ, 0 to 600 seconds")
    login_seconds: float = Field(
        1.0, ge=0, le=60, description="how late a change of an employee may be noticed, 0 to 60 seconds"
    )
    rights_poll_seconds: float = Field(
        0.5, gt=0, le=60, description="how often is looked whether anybody's rights changed, in seconds, up to 60"
    )
    claim_subject: str = Field(
        "sub",
        min_length=1,
        description="the claim with the subject; the path of a nested one has dots, as all these",
    )
    claim_name: str = Field("name", min_length=1, description="the claim with the employee's name")
    claim_eenheden: str = Field(
        "eenheden", min_length=1, description="the claim with the departments, by id or identificatie"
    )
    claim_rollen: str = Field("rollen", min_length=1, description="the claim with the roles")
    claim_eenheden_map: Pairs = Field(
        (),
        description="the issuer's groups and the departments that they are here, group=identificatie, separated by "
        "commas or as a JSON object; the first one is filled in, other groups count for nothing",
    )
    claim_rollen_map: Pairs = Field(
        (),
        description="the issuer's roles and what they are here, such as kcc-medewerker=KCC, likewise; "
        "other roles count for nothing",
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
