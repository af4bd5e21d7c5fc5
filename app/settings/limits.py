"""Limits on one request, connection or caller."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings


class LimitSettings(BaseSettings):
    """Limits on GraphQL documents, answers, connections and callers."""

    max_tokens: int = Field(
        1_000, ge=100, le=100_000, description="the maximum number of tokens of a document, 100 to 100000"
    )
    max_document_characters: int = Field(
        32_768,
        ge=1_024,
        le=1_048_576,
        description="the maximum length of a document, in characters, 1024 to 1048576",
    )
    max_depth: int = Field(
        15, ge=5, le=100, description="how deep fields, and the values of variables, may be nested, 5 to 100"
    )
    max_aliases: int = Field(30, ge=0, description="the maximum number of aliases of a document, from 0")
    max_directives: int = Field(30, ge=0, description="the maximum number of directives of a document, from 0")
    max_list_items: int = Field(
        100, ge=1, description="the maximum number of items of a list in an argument or variable, from 1"
    )
    max_values: int = Field(
        2_000,
        ge=100,
        le=100_000,
        description="the maximum number of values of all variables of a request together, 100 to 100000",
    )
    max_cost: int = Field(
        25_000,
        ge=1_000,
        description="the maximum number of fields of an answer, calculated in advance with full lists, from 1000",
    )
    max_answer_bytes: int = Field(
        8_388_608,
        ge=65_536,
        le=134_217_728,
        description="the maximum length of an answer, in bytes, 65536 to 134217728",
    )
    max_answers_of_connection_bytes: int = Field(
        8_388_608,
        ge=65_536,
        description="the maximum total length of the answers that are being created for a connection or wait until "
        "the client reads them, in bytes, from 65536; a single answer may be longer",
    )
    max_answers_bytes: int = Field(
        268_435_456,
        ge=1_048_576,
        description="the maximum total length of these answers for all connections of a process, in bytes, from "
        "1048576",
    )
    max_execution_seconds: float = Field(
        15.0,
        gt=0,
        le=600,
        validate_default=True,
        description="the timeout of a query or mutation, in seconds, up to 600, and longer than "
        "OVERDRACHT_DATABASE_WAIT_SECONDS",
    )
    introspection: bool = Field(
        False, description="allow introspection of the schema, and suggest names in errors: true or false"
    )
    trusted_documents: Path | None = Field(
        None,
        description="a JSON file with documents that clients can call by id: a manifest of codegen, Relay or "
        "Apollo",
    )
    only_trusted_documents: bool = Field(
        False, description="refuse all documents that are not trusted: true or false"
    )
    max_message_bytes: int = Field(
        65_536, ge=1_024, description="the maximum length of a WebSocket message, in bytes, from 1024"
    )
    max_messages: int = Field(
        500, ge=10, description="the maximum number of messages on a WebSocket in ten seconds, from 10"
    )
    max_operations: int = Field(
        250, ge=100, description="the maximum number of running operations on a WebSocket, from 100"
    )
    max_connections_of_employee: int = Field(
        100, ge=1, description="the maximum number of open WebSockets and event streams of an employee, from 1"
    )
    max_connections_of_address: int = Field(
        2_000,
        ge=1,
        description="the maximum number of open WebSockets and event streams from an IP address, from 1",
    )
    max_connections_of_nobody: int = Field(
        500, ge=1, description="the maximum number of open WebSockets that have not logged in, from 1"
    )
    connection_init_seconds: float = Field(
        5.0, gt=0, le=60, description="the timeout for logging in on a WebSocket, in seconds, up to 60"
    )
