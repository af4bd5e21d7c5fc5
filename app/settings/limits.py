"""Limits on what one request, connection or caller may ask."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings


class LimitSettings(BaseSettings):
    """What is refused before work is done."""

    max_tokens: int = Field(
        1_000, ge=100, le=100_000, description="how many tokens a document may have, 100 to 100000"
    )
    max_document_characters: int = Field(
        32_768, ge=1_024, le=1_048_576, description="how many characters a document may have, 1024 to 1048576"
    )
    max_depth: int = Field(
        15, ge=5, le=100, description="how deep fields, and the values of variables, may be nested, 5 to 100"
    )
    max_aliases: int = Field(30, ge=0, description="how many aliases a document may have")
    max_directives: int = Field(30, ge=0, description="how many directives a document may have")
    max_list_items: int = Field(100, ge=1, description="how many items a list in an argument or variable may have")
    max_values: int = Field(
        2_000,
        ge=100,
        le=100_000,
        description="how many values the variables of a request may have in all, 100 to 100000",
    )
    max_cost: int = Field(
        25_000,
        ge=1_000,
        description="how many fields an answer may have, reckoned beforehand with full lists, from 1000",
    )
    max_answer_bytes: int = Field(
        8_388_608,
        ge=65_536,
        le=134_217_728,
        description="how long an answer may be, in bytes, 65536 to 134217728",
    )
    max_answers_of_connection_bytes: int = Field(
        8_388_608,
        ge=65_536,
        description="how long the answers may be together that are made for a connection or wait to be taken, in "
        "bytes, from 65536; an answer by itself may be longer",
    )
    max_answers_bytes: int = Field(
        268_435_456,
        ge=1_048_576,
        description="how long they may be for all connections of a process, in bytes, from 1048576",
    )
    max_execution_seconds: float = Field(
        15.0,
        gt=0,
        le=600,
        validate_default=True,
        description="how long a query or mutation may take, in seconds, up to 600, and longer than "
        "OVERDRACHT_DATABASE_WAIT_SECONDS",
    )
    introspection: bool = Field(
        False, description="answer questions about the schema, and suggest names in errors: true or false"
    )
    trusted_documents: Path | None = Field(
        None,
        description="a JSON file with documents that may be called by id: a manifest of codegen, Relay or Apollo",
    )
    only_trusted_documents: bool = Field(False, description="execute no other documents: true or false")
    max_message_bytes: int = Field(
        65_536, ge=1_024, description="how long a message on a WebSocket may be, in bytes, from 1024"
    )
    max_messages: int = Field(
        500, ge=10, description="how many messages may come on a WebSocket in ten seconds, from 10"
    )
    max_operations: int = Field(250, ge=100, description="how many operations may run on a WebSocket, from 100")
    max_connections_of_employee: int = Field(
        100, ge=1, description="how many WebSockets and event streams an employee may have open"
    )
    max_connections_of_address: int = Field(
        2_000, ge=1, description="how many WebSockets and event streams may be open from an address"
    )
    max_connections_of_nobody: int = Field(
        500, ge=1, description="how many WebSockets may be open that do not say whose they are"
    )
    connection_init_seconds: float = Field(
        5.0, gt=0, le=60, description="how long a WebSocket may take to say who it is, in seconds, up to 60"
    )
