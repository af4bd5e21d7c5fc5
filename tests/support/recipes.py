"""The README's recipes for clients, as modules for Node and Python."""

import asyncio
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.commands import ROOT
from tests.support.each import each
from tests.support.node import CLIENTS, run_node

README = (ROOT / "README.md").read_text()

_RELAY = {
    "src": "./relay",
    "schema": "./schema.graphql",
    "language": "javascript",
    "artifactDirectory": "./__generated__",
    "eagerEsModules": True,
    "customScalarTypes": {"DateTime": "string"},
}


def recipes() -> dict[str, str]:
    """The modules in the README, by the file name in their first line."""
    found = re.findall(r"```(?:js|python)\n(?://|#) (\S+\.(?:js|py))\n(.*?)```", README, re.DOTALL)
    return dict(found)


@contextmanager
def written(documents: Iterable[str]) -> Iterator[Path]:
    """A directory with the recipes, and the files that their build steps generate from the documents.

    It is in tests/clients, so that their packages are found.
    """
    directory = Path(tempfile.mkdtemp(prefix=".recipes-", dir=CLIENTS))
    try:
        for name, text in recipes().items():
            (directory / name).write_text(text)
        shutil.copy(ROOT / "schema.graphql", directory)
        _write_documents(directory, documents)
        _build(directory, "@graphql-codegen/cli/esm/bin.js", "--config", "codegen.js")
        _build(directory, "relay-compiler/cli.js", "relay.config.json")
        yield directory
    finally:
        shutil.rmtree(directory)


def _write_documents(directory: Path, documents: Iterable[str]) -> None:
    for folder in ("documents", "relay", "__generated__"):
        (directory / folder).mkdir()
    (directory / "relay.config.json").write_text(json.dumps(_RELAY))
    for document in each(documents):
        found = re.search(r"(\w+?)(Query|Mutation|Subscription)\b", document)
        assert found is not None
        (directory / "documents" / f"{found[1]}.graphql").write_text(document)
        (directory / "relay" / f"{found[1]}.js").write_text(f"graphql`{document}`")


def _build(directory: Path, script: str, *args: str) -> None:
    ran = asyncio.run(run_node(str(CLIENTS / "node_modules" / script), *args, cwd=directory))
    assert ran.code == 0, ran.out + ran.err
