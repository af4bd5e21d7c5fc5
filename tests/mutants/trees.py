"""Copies of the repository in which changes are made, so that the one that is worked in stays as it is."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutants.changes import Change
from tests.support.commands import ROOT

_LINKED = (
    ".venv",
    "app/web/static",
    "app/web/screens/node_modules",
    "app/web/graphiql/node_modules",
    "tests/clients/node_modules",
)
"""Large directories that no change is made in."""
_LEFT = (".git", ".mutants", ".*_cache", ".hypothesis")

_FAILED = re.compile(r"^(?:FAILED|ERROR) (tests/.+?\.py::.+?)(?: - .*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Tree:
    """A copy of the repository."""

    root: Path

    @property
    def log(self) -> Path:
        """Where the output of its tests goes."""
        return self.root / "log"

    def failed(self) -> str | None:
        """The test that failed, by the output of pytest; None where that tells of none."""
        found = _FAILED.search(self.log.read_text(errors="replace"))
        return found and found[1]

    def make(self, change: Change) -> None:
        """Make a change in it."""
        # What Python compiled of the module is older than this, and is passed over.
        module = self.root / change.path
        module.write_text(change.made_to(module.read_text()))

    def undo(self, change: Change) -> None:
        """Make the module what it was."""
        shutil.copy2(ROOT / change.path, self.root / change.path)


@contextmanager
def copies(count: int) -> Iterator[list[Tree]]:
    """So many copies, which are gone afterwards."""
    with TemporaryDirectory(prefix="mutants-") as directory:
        trees = [Tree(Path(directory) / str(number)) for number in range(count)]
        for tree in trees:
            _copy(ROOT, tree.root)
        yield trees


def _copy(source: Path, target: Path) -> None:
    def ignored(directory: str, names: list[str]) -> set[str]:
        here = Path(directory).relative_to(source)
        return ignored_names(directory, names) | {name for name in names if str(here / name) in _LINKED}

    ignored_names = shutil.ignore_patterns(*_LEFT)
    shutil.copytree(source, target, ignore=ignored)
    for linked in _LINKED:
        (target / linked).symlink_to(source / linked)
