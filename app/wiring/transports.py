"""Builds the transports from the settings: which documents are executed, and the limits of connections."""

from collections.abc import Mapping

from strawberry import Schema

from app.domain.values.limits import MAX_PAGE
from app.graphql.errors import formatted, is_transient, is_unauthorized
from app.graphql.reading.declarations import SchemaDeclarations
from app.graphql.schema import executable
from app.graphql.session import Authenticator
from app.settings import Settings, SettingsWrong
from app.transport.connections.answer_budget import AnswerBudgetLimits
from app.transport.connections.connection_counter import ConnectionLimits
from app.transport.execution.documents import DocumentRules, TrustedDocumentInvalid
from app.transport.execution.executor import DocumentExecutor
from app.transport.execution.manifest import ManifestUnusable, read_manifest
from app.transport.limits import DocumentLimits
from app.transport.ports import Observer
from app.transport.transport import Transport, TransportSettings
from app.wiring.showing import Pages

_MOST_NAME = 100
"""The most characters of a name in a document or in its variables; names in the schema have at most 40."""


def document_rules(settings: Settings, of_screens: Mapping[str, str]) -> DocumentRules:
    """Which documents are executed. `of_screens` are the documents of the screens, which are trusted as well.

    Raises `SettingsWrong` if the trusted documents cannot be read, or if only those are allowed and there are none.
    """
    trusted = _trusted(settings, of_screens)
    if settings.only_trusted_documents and not trusted:
        raise SettingsWrong(
            "OVERDRACHT_ONLY_TRUSTED_DOCUMENTS needs OVERDRACHT_TRUSTED_DOCUMENTS, or the screens with their own."
        )
    limits = _document_limits(settings)
    return DocumentRules(limits, trusted, only_trusted=settings.only_trusted_documents, open=settings.introspection)


def _document_limits(settings: Settings) -> DocumentLimits:
    return DocumentLimits(
        tokens=settings.max_tokens,
        characters=settings.max_document_characters,
        # Room for every token on a line of its own, with a blank line between them.
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


def connection_limits(settings: Settings) -> ConnectionLimits:
    """The limits on the number of connections, and on operations and messages per connection."""
    return ConnectionLimits(
        of_address=settings.max_connections_of_address,
        of_caller=settings.max_connections_of_employee,
        of_anonymous=settings.max_connections_of_nobody,
        operations=settings.max_operations,
        messages=settings.max_messages,
    )


def open_transport(
    settings: Settings, schema: Schema, authenticate: Authenticator, pages: Pages, observer: Observer
) -> Transport:
    """Create what HTTP, event streams and WebSockets share. Raises `SettingsWrong` for a bad trusted document."""
    transport_settings = _transport_settings(settings, pages)
    executor = DocumentExecutor(
        executable(schema),
        document_rules(settings, pages.documents),
        SchemaDeclarations(schema),
        seconds=settings.max_execution_seconds,
        is_transient=is_transient,
    )
    _check_trusted(executor, pages)
    return Transport(
        executor,
        authenticate,
        transport_settings,
        format_error=formatted,
        is_transient=is_transient,
        is_unauthorized=is_unauthorized,
        observer=observer,
    )


def _check_trusted(executor: DocumentExecutor, pages: Pages) -> None:
    try:
        executor.documents.check_trusted()
    except TrustedDocumentInvalid as error:
        of_screens = error.document_id in pages.documents
        name = "OVERDRACHT_SCREENS" if of_screens else "OVERDRACHT_TRUSTED_DOCUMENTS"
        raise SettingsWrong(f"{name}: {error}") from None


def _transport_settings(settings: Settings, pages: Pages) -> TransportSettings:
    return TransportSettings(
        page=pages.graphiql,
        allowed_origins=settings.allowed_origins,
        max_body_bytes=settings.max_body_bytes,
        max_query_bytes=settings.max_query_bytes,
        request_seconds=settings.request_seconds,
        connection_init_seconds=settings.connection_init_seconds,
        silence_seconds=settings.silence_seconds,
        ping_seconds=settings.presence_ping_seconds,
        answer_seconds=settings.presence_answer_seconds,
        retry_seconds=settings.poll_seconds,
        max_pending=settings.max_pending_bytes,
        budget=AnswerBudgetLimits(
            settings.max_answer_bytes, settings.max_answers_of_connection_bytes, settings.max_answers_bytes
        ),
        sockets=connection_limits(settings),
    )
