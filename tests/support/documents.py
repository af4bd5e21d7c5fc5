"""The GraphQL documents in the project's own files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from graphql import GraphQLSyntaxError, OperationDefinitionNode, parse

from tests.support.commands import ROOT

_FILES = (
    *("README.md", "app/web/graphiql/main.jsx"),
    *("app/demo/*.py", "tests/test_clients*.py", "tests/clients/*.py", "tests/clients/*.mjs"),
    "tests/clients/players/*.mjs",
)


def documents() -> dict[str, str]:
    """The documents of the README, the demo, the clients' tests and GraphiQL, by file and number."""
    files = [file for pattern in _FILES for file in sorted(ROOT.glob(pattern))]
    return {
        f"{file.relative_to(ROOT)} {number}": text
        for file in files
        for number, text in enumerate(filter(_is_document, _texts(file)))
    }


def _texts(file: Path) -> Iterator[str]:
    """The texts in a file that may be documents: strings in Python, code blocks in Markdown, else templates."""
    text = file.read_text()
    if file.suffix == ".py":
        nodes = ast.walk(ast.parse(text))
        yield from (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    elif file.suffix == ".md":
        yield from re.findall(r"```graphql\n(.*?)```", text, re.DOTALL)
    else:
        yield from re.findall(r"`(.*?)`", text, re.DOTALL)


def _is_document(text: str) -> bool:
    try:
        return any(isinstance(node, OperationDefinitionNode) for node in parse(text).definitions)
    except GraphQLSyntaxError:
        return False
