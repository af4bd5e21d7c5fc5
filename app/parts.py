"""The parts that are made by the settings alone, for the server and for the command line."""

from app.access.tokens import (
    PUBLIC_ALGORITHMS,
    SECRET_ALGORITHMS,
    Keys,
    KeysUnusable,
    TokenRules,
    keys_from_jwks,
    keys_from_pem,
    keys_from_secret,
)
from app.api.transport.crowd import CrowdLimits
from app.api.transport.documents import DocumentRules
from app.api.transport.limits import DocumentLimits
from app.api.transport.manifest import ManifestUnusable, read_manifest
from app.domain.limits import MAX_PAGE
from app.live.bus import Bus
from app.settings import Settings, SettingsWrong
from app.storage.database import Database


def open_database(settings: Settings) -> Database:
    """The database of the settings; it connects when it is first used."""
    return Database(
        settings.database_url,
        readers=settings.database_readers,
        synchronous=settings.sqlite_synchronous,
        wait_seconds=settings.database_wait_seconds,
    )


def open_bus(settings: Settings) -> Bus:
    """The hint bus of the settings; it connects when it runs."""
    return Bus(
        settings.broker_url,
        beat_seconds=settings.bus_beat_seconds,
        deaf_seconds=settings.bus_deaf_seconds,
        retry_seconds=settings.bus_retry_seconds,
    )


def document_rules(settings: Settings) -> DocumentRules:
    """Which documents are executed. Refuses trusted documents that cannot be read with `SettingsWrong`."""
    path = settings.trusted_documents
    if settings.only_trusted_documents and path is None:
        raise SettingsWrong("OVERDRACHT_ONLY_TRUSTED_DOCUMENTS needs OVERDRACHT_TRUSTED_DOCUMENTS.")
    limits = DocumentLimits(
        tokens=settings.max_tokens,
        depth=settings.max_depth,
        aliases=settings.max_aliases,
        directives=settings.max_directives,
        list_items=settings.max_list_items,
        cost=settings.max_cost,
        page=MAX_PAGE,
    )
    try:
        trusted = read_manifest(path) if path else {}
    except ManifestUnusable as error:
        raise SettingsWrong(f"OVERDRACHT_TRUSTED_DOCUMENTS: {error}.") from None
    return DocumentRules(limits, trusted, only_trusted=settings.only_trusted_documents, open=settings.introspection)


def crowd_limits(settings: Settings) -> CrowdLimits:
    """How many connections there may be, and what may come over them."""
    return CrowdLimits(
        of_address=settings.max_connections_of_address,
        of_caller=settings.max_connections_of_employee,
        of_nobody=settings.max_connections_of_nobody,
        operations=settings.max_operations,
        messages=settings.max_messages,
    )


def token_keys(settings: Settings) -> Keys:
    """The one kind of key that is configured, and usable with the allowed algorithms."""
    given = {
        "OVERDRACHT_TOKEN_DEMO_KEY": settings.token_demo_key,
        "OVERDRACHT_TOKEN_KEY_FILE": settings.token_key_file,
        "OVERDRACHT_TOKEN_JWKS_FILE": settings.token_jwks_file,
    }
    names = [name for name, value in given.items() if value]
    if len(names) != 1:
        raise SettingsWrong(f"Exactly one of {', '.join(given)} must be set; tokens cannot be checked otherwise.")
    try:
        if settings.token_demo_key:
            return keys_from_secret(settings.token_demo_key)
        if settings.token_key_file:
            return keys_from_pem(settings.token_key_file)
        assert settings.token_jwks_file  # noqa: S101 - it is the one that is left
        return keys_from_jwks(settings.token_jwks_file)
    except KeysUnusable as error:
        raise SettingsWrong(f"{names[0]}: {error}.") from None


def token_rules(settings: Settings) -> TokenRules:
    """Which tokens are believed. A secret goes with HMAC only, a public key never: neither is mistaken."""
    secret = settings.token_demo_key is not None
    algorithms = settings.token_algorithms or (("HS256",) if secret else ("RS256", "PS256", "ES256", "EdDSA"))
    if not set(algorithms) <= (SECRET_ALGORITHMS if secret else PUBLIC_ALGORITHMS):
        raise SettingsWrong(
            f"OVERDRACHT_TOKEN_ALGORITHMS: with a demo key some of {', '.join(sorted(SECRET_ALGORITHMS))}; "
            f"with a public key some of {', '.join(sorted(PUBLIC_ALGORITHMS))}."
        )
    return TokenRules(
        algorithms=algorithms,
        issuer=settings.token_issuer,
        audience=settings.token_audience,
        leeway_seconds=settings.token_leeway_seconds,
        subject_claim=settings.claim_subject,
        name_claim=settings.claim_name,
        eenheden_claim=settings.claim_eenheden,
        rollen_claim=settings.claim_rollen,
    )
