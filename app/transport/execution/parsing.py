"""Parsing documents, so that nothing of one is left where nobody uses it any more."""

from graphql import DocumentNode, Token, parse


def parsed(text: str) -> DocumentNode:
    """A document by graphql-core, without the list of its tokens.

    Each token refers to the next one and to the one before. Only the collector of cyclic garbage finds such a
    circle, and what lived for long it seeks seldom. Nodes still tell where in the text they stand.
    """
    document = parse(text)
    token: Token | None = document.loc.start_token if document.loc else None
    while token is not None:
        token.prev, token.next, token = None, None, token.next
    return document
