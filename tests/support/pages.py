"""The documents of the project: the pages of docs/, and those that stand beside it."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.commands import ROOT

DOCS = ROOT / "docs"
PAGES = [*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")), *sorted(DOCS.rglob("*.md"))]


def page(name: str) -> str:
    """The text of a page, by its path in the repository."""
    return (ROOT / name).read_text()


def blocks(text: str, language: str = "") -> list[str]:
    """What stands in the code blocks of a language; of none by default."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def prose(text: str) -> str:
    """A page without its code blocks."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def quoted(path: Path) -> Iterator[str]:
    """What a page quotes in its text as code."""
    yield from re.findall(r"`([^`\n]+)`", prose(path.read_text()))
