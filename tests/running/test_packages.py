"""npm's packages are what their locks say, wherever they come from."""

import json
import re
from pathlib import Path

import pytest

from tests.support.commands import ROOT

FOLDERS = [ROOT / "tests" / "clients", *(ROOT / "app" / "web" / page for page in ("graphiql", "screens"))]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_lock_names_exact_packages_by_their_content_and_no_address(folder: Path) -> None:
    text = (folder / "package-lock.json").read_text()
    assert re.findall(r"\w+://|\"resolved\"|\"funding\"", text) == []
    asked = json.loads((folder / "package.json").read_text())["dependencies"]
    locked = json.loads(text)["packages"]
    assert locked.pop("")["dependencies"] == asked
    assert {name: locked[f"node_modules/{name}"]["version"] for name in asked} == asked
    assert [name for name, package in locked.items() if not package["integrity"].startswith("sha512-")] == []
