"""Which tokens are accepted, and the keys that verify them."""

from app.access.claims import ClaimNames
from app.access.issuer import Issuer
from app.access.keys import (
    PUBLIC_ALGORITHMS,
    SECRET_ALGORITHMS,
    Keys,
    KeysUnusable,
    keys_from_jwks,
    keys_from_pem,
    keys_from_secret,
)
from app.access.tokens import TokenRules
from app.settings import Settings, SettingsWrong

_OWN_ISSUER = "overdracht"
"""The default issuer of tokens if the settings name none; used in development."""


def token_keys(settings: Settings) -> Keys:
    """Create the configured source of keys. Keys of an OIDC issuer are fetched only when they run, not here.

    Raises `SettingsWrong` unless exactly one source is configured, and if its keys are unusable.
    """
    sources = {
        "OVERDRACHT_TOKEN_DEMO_KEY": settings.token_demo_key,
        "OVERDRACHT_TOKEN_KEY_FILE": settings.token_key_file,
        "OVERDRACHT_TOKEN_JWKS_FILE": settings.token_jwks_file,
        "OVERDRACHT_OIDC_ISSUER": settings.oidc_issuer,
    }
    names = [name for name, value in sources.items() if value]
    if len(names) != 1:
        raise SettingsWrong(f"Exactly one of {', '.join(sources)} must be set; tokens cannot be checked otherwise.")
    try:
        if settings.token_demo_key:
            return keys_from_secret(settings.token_demo_key)
        if settings.token_key_file:
            return keys_from_pem(settings.token_key_file)
        if settings.token_jwks_file:
            return keys_from_jwks(settings.token_jwks_file)
    except KeysUnusable as error:
        raise SettingsWrong(f"{names[0]}: {error}.") from None
    assert settings.oidc_issuer  # noqa: S101 - exactly one is set, and it is none of those above
    return Issuer(
        settings.oidc_issuer,
        timeout_seconds=settings.oidc_timeout_seconds,
        refetch_seconds=settings.oidc_refetch_seconds,
        refresh_seconds=settings.oidc_refresh_seconds,
        keep_seconds=settings.oidc_keep_seconds,
    )


def token_rules(settings: Settings) -> TokenRules:
    """Create the rules for tokens. A shared secret allows HMAC algorithms only, and a public key never allows them,
    so that a public key cannot be misused as an HMAC secret. Raises `SettingsWrong` for any other algorithm.
    """
    secret = settings.token_demo_key is not None
    algorithms = settings.token_algorithms or (("HS256",) if secret else ("RS256", "PS256", "ES256", "EdDSA"))
    if not set(algorithms) <= (SECRET_ALGORITHMS if secret else PUBLIC_ALGORITHMS):
        raise SettingsWrong(
            f"OVERDRACHT_TOKEN_ALGORITHMS: with a demo key some of {', '.join(sorted(SECRET_ALGORITHMS))}; "
            f"with a public key some of {', '.join(sorted(PUBLIC_ALGORITHMS))}."
        )
    return TokenRules(
        algorithms=algorithms,
        issuer=settings.token_issuer or settings.oidc_issuer or _OWN_ISSUER,
        audiences=settings.token_audience,
        leeway_seconds=settings.token_leeway_seconds,
        names=ClaimNames(
            subject=settings.claim_subject,
            name=settings.claim_name,
            eenheden=settings.claim_eenheden,
            rollen=settings.claim_rollen,
            eenheden_map=dict(settings.claim_eenheden_map),
            rollen_map=dict(settings.claim_rollen_map),
        ),
    )
