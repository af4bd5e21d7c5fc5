"""The parts that are made by the settings alone, for the server and for the command line."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

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
from app.domain.limits import MAX_PAGE
from app.live.bus import Bus
from app.live.hub import Hub
from app.live.relay import Relay
from app.logs.lines import LogLines
from app.service.following import Following
from app.service.presence import Presence
from app.settings import Settings, SettingsWrong
from app.storage.database import Database
from app.storage.transaction import Waited
from app.transport.connections.crowd import CrowdLimits
from app.transport.execution.documents import DocumentRules
from app.transport.execution.manifest import ManifestUnusable, read_manifest
from app.transport.limits import DocumentLimits

log = logging.getLogger(__name__)

_OWN_ISSUER = "overdracht"
"""The issuer of tokens that name none of an address: development's."""
_MOST_NAME = 100
"""How many characters a name in a document or in its variables may have: those of the schema have 40 at most."""


def open_database(settings: Settings, **watched: Waited) -> Database:
    """The database of the settings; it connects when it is first used."""
    return Database(
        settings.database_url,
        readers=settings.database_readers,
        synchronous=settings.sqlite_synchronous,
        wait_seconds=settings.database_wait_seconds,
        **watched,
    )


@dataclass(frozen=True, slots=True)
class Live:
    """What brings facts to who follows them, in this process."""

    bus: Bus
    hub: Hub
    relay: Relay
    following: Following
    presence: Presence


def open_live(settings: Settings, database: Database) -> Live:
    """What brings facts to who follows them; it connects when it runs."""
    bus = Bus(
        settings.broker_url,
        beat_seconds=settings.bus_beat_seconds,
        deaf_seconds=settings.bus_deaf_seconds,
        retry_seconds=settings.bus_retry_seconds,
    )
    following = Following(database, max_behind=settings.max_behind, head=lambda stream: hub.head(stream))
    hub = Hub(following.facts_after, retry_seconds=settings.poll_seconds)
    relay = Relay(bus, hub, following.ends, poll_seconds=settings.poll_seconds)
    presence = Presence(
        database, renew_seconds=settings.presence_renew_seconds, void_seconds=settings.presence_void_seconds
    )
    return Live(bus, hub, relay, following, presence)


def verwerkingenlog_lines(settings: Settings) -> LogLines | None:
    """What writes the processing log; None where it is switched off. Refuses a place that cannot be written to."""
    if settings.verwerkingenlog == "uit":
        log.warning("nobody writes down who reads and changes what: OVERDRACHT_VERWERKINGENLOG is uit")
        return None
    lines = LogLines(settings.verwerkingenlog)
    try:
        lines.check()
    except OSError as error:
        raise SettingsWrong(
            f"OVERDRACHT_VERWERKINGENLOG: {settings.verwerkingenlog} cannot be written: {error.strerror}."
        ) from None
    return lines


def document_rules(settings: Settings, of_screens: Mapping[str, str]) -> DocumentRules:
    """Which documents are executed; those of the screens are trusted as well. Refuses trusted documents that cannot
    be read with `SettingsWrong`.
    """
    trusted = _trusted(settings, of_screens)
    if settings.only_trusted_documents and not trusted:
        raise SettingsWrong(
            "OVERDRACHT_ONLY_TRUSTED_DOCUMENTS needs OVERDRACHT_TRUSTED_DOCUMENTS, or the screens with their own."
        )
    limits = DocumentLimits(
        tokens=settings.max_tokens,
        characters=settings.max_document_characters,
        # A line of its own for every token, and as many blank ones.
        lines=2 * settings.max_tokens,
        name=_MOST_NAME,
        depth=settings.max_depth,
        aliases=settings.max_aliases,
        directives=settings.max_directives,
        list_items=settings.max_list_items,
        values=settings.max_values,
        cost=settings.max_cost,
        page=MAX_PAGE,
        answer_bytes=settings.max_answer_bytes,
    )
    return DocumentRules(limits, trusted, only_trusted=settings.only_trusted_documents, open=settings.introspection)


def _trusted(settings: Settings, of_screens: Mapping[str, str]) -> Mapping[str, str]:
    path = settings.trusted_documents
    try:
        named = read_manifest(path) if path else {}
    except ManifestUnusable as error:
        raise SettingsWrong(f"OVERDRACHT_TRUSTED_DOCUMENTS: {error}.") from None
    for id_ in named.keys() & of_screens.keys():
        if named[id_] != of_screens[id_]:
            raise SettingsWrong(
                f"OVERDRACHT_TRUSTED_DOCUMENTS: {id_} is the id of another document of the screens."
            )
    return {**of_screens, **named}


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
    """The one kind of key that is configured. An issuer is asked for its own when they run, and not before."""
    given = {
        "OVERDRACHT_TOKEN_DEMO_KEY": settings.token_demo_key,
        "OVERDRACHT_TOKEN_KEY_FILE": settings.token_key_file,
        "OVERDRACHT_TOKEN_JWKS_FILE": settings.token_jwks_file,
        "OVERDRACHT_OIDC_ISSUER": settings.oidc_issuer,
    }
    names = [name for name, value in given.items() if value]
    if len(names) != 1:
        raise SettingsWrong(f"Exactly one of {', '.join(given)} must be set; tokens cannot be checked otherwise.")
    try:
        if settings.token_demo_key:
            return keys_from_secret(settings.token_demo_key)
        if settings.token_key_file:
            return keys_from_pem(settings.token_key_file)
        if settings.token_jwks_file:
            return keys_from_jwks(settings.token_jwks_file)
    except KeysUnusable as error:
        raise SettingsWrong(f"{names[0]}: {error}.") from None
    assert settings.oidc_issuer  # noqa: S101 - it is the one that is left
    return Issuer(
        settings.oidc_issuer,
        timeout_seconds=settings.oidc_timeout_seconds,
        refetch_seconds=settings.oidc_refetch_seconds,
        refresh_seconds=settings.oidc_refresh_seconds,
        keep_seconds=settings.oidc_keep_seconds,
    )


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
