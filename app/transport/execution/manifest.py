"""Reading manifests of trusted documents, in the formats of the usual tools."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class ManifestUnusable(Exception):
    """A manifest cannot be read; the message says which and why."""


def read_manifest(path: Path) -> Mapping[str, str]:
    """The documents in a manifest, by id. Raises `ManifestUnusable`.

    It is a JSON object with documents by id, as graphql-codegen and Relay write it, or Apollo's manifest.
    """
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError, RecursionError) as error:
        raise ManifestUnusable(f"cannot read {path.name} as JSON: {type(error).__name__}") from None
    documents = _of_apollo(content) if _is_of_apollo(content) else content
    if not isinstance(documents, dict) or not documents:
        raise ManifestUnusable(f"{path.name} holds no documents by id")
    if not all(isinstance(document, str) for document in documents.values()):
        raise ManifestUnusable(f"{path.name} holds what is no document")
    return {id_.removeprefix("sha256:"): document for id_, document in documents.items()}


def _is_of_apollo(content: Any) -> bool:
    return isinstance(content, dict) and content.get("format") == "apollo-persisted-query-manifest"


def _of_apollo(content: Mapping[str, Any]) -> Any:
    try:
        return {operation["id"]: operation["body"] for operation in content["operations"]}
    except (KeyError, TypeError):
        return None
