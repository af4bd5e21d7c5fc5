"""What a request asks: its parameters, each of one type, wherever they come from."""

from typing import Any

import pytest

from app.transport.execution.request import GraphQLRequest, Malformed, request_of

HASH = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38"

BY_HASH = {"persistedQuery": {"version": 1, "sha256Hash": HASH}}


def test_parameters_are_taken_by_their_names_and_others_are_left() -> None:
    given = {
        "query": "query A { kanalen }",
        "documentId": "kanalen-1",
        "operationName": "A",
        "variables": {"a": None},
        "extensions": {"some": 1},
        "onbekend": True,
    }
    assert request_of(given) == GraphQLRequest("query A { kanalen }", "kanalen-1", "A", {"a": None}, {"some": 1})


def test_a_parameter_that_is_null_is_left_out() -> None:
    names = ("query", "documentId", "operationName", "variables", "extensions")
    assert request_of(dict.fromkeys(names)) == request_of({}) == GraphQLRequest(None, None, None, None, None)


def test_the_hash_of_a_persisted_query_is_the_id_of_a_document() -> None:
    assert request_of({"extensions": BY_HASH}).document_id == HASH
    assert request_of({"extensions": BY_HASH, "documentId": HASH}).document_id == HASH
    assert request_of({"extensions": {"persistedQuery": None}}).document_id is None
    with pytest.raises(Malformed):
        request_of({"extensions": BY_HASH, "documentId": "kanalen-1"})


@pytest.mark.parametrize("wrong", [0, False, 1.5, [], ["x"]])
@pytest.mark.parametrize("name", ["query", "documentId", "operationName", "variables", "extensions"])
def test_a_parameter_of_another_type_is_refused_by_its_name(name: str, wrong: Any) -> None:
    with pytest.raises(Malformed, match=name):
        request_of({name: wrong})


@pytest.mark.parametrize(
    "wrong",
    [
        {"query": {}},
        {"documentId": {}},
        {"operationName": {}},
        {"variables": "{}"},
        {"extensions": "{}"},
        {"extensions": {"persistedQuery": HASH}},
        {"extensions": {"persistedQuery": {"sha256Hash": 5}}},
        [],
        [{"query": "{ kanalen }"}],
        None,
        "{ kanalen }",
        5,
    ],
)
def test_what_is_no_request_is_refused(wrong: Any) -> None:
    with pytest.raises(Malformed):
        request_of(wrong)
