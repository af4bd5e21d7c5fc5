"""Lays the pages ready for mkdocs in a directory: those of docs/, the README as the first one, and the reference.

`python -m tests.site DIRECTORY`; scripts/docs runs it.
"""

import shutil
import sys
from pathlib import Path

from graphql import build_schema

from tests.site.reference import reference

_ROOT = Path(__file__).parent.parent.parent
_BESIDE = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "LICENSE": "LICENSE",
    "schema.graphql": "schema.graphql",
}
"""What stands beside docs/, and where it stands on the site."""


def lay_ready(directory: Path) -> None:
    """Write everything that mkdocs reads."""
    shutil.copytree(_ROOT / "docs", directory, ignore=shutil.ignore_patterns("mkdocs.yml"))
    for page in directory.rglob("*.md"):
        page.write_text(_of_docs(page.read_text()))
    for name, there in _BESIDE.items():
        (directory / there).write_text(_of_root((_ROOT / name).read_text()))
    schema = build_schema((_ROOT / "schema.graphql").read_text())
    (directory / "reference.md").write_text(reference(schema))


def _of_docs(text: str) -> str:
    """A page of docs/ with links to where things stand on the site."""
    for name, there in _BESIDE.items():
        text = text.replace(f"../{name}", there)
    return text


def _of_root(text: str) -> str:
    """The same for a page that stands beside docs/."""
    text = text.replace("](docs/", "](")
    for name, there in _BESIDE.items():
        text = text.replace(f"]({name}", f"]({there}")
    return text


if __name__ == "__main__":
    lay_ready(Path(sys.argv[1]))
