"""What the documents say is so: every link, file, command, setting and error code that they name is there."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from app.__main__ import build
from app.graphql.errors import Code
from app.settings import PREFIX, Settings
from tests.bench.__main__ import program as bench
from tests.mutants.__main__ import program as mutants
from tests.support.commands import ROOT
from tests.support.each import each
from tests.support.pages import DOCS, PAGES, blocks, page, prose, quoted
from tests.support.recipes import recipes

BY_NAME = pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))

PROGRAMS = {"overdracht": build(), "scripts/bench": bench, "scripts/mutants": mutants}
"""The programs that have commands and options."""

FILE = re.compile(r"(?:[\w.-]+/)+[\w*.-]*|[\w*-]+\.(?:py|ts|tsx|js|json|graphql|toml|md|yml|svg|sql)")
"""What looks like a file, or like a directory with a slash at its end."""
NO_FILES = {
    "application/json",
    "application/graphql-response+json",
    "text/event-stream",
    "Europe/Amsterdam",
    "demo.json",  # written by the demo
    "possible-types.json",  # made by graphql-codegen
    "build/docs/site",  # made by scripts/docs
    ".mutants/found.jsonl",  # made by scripts/mutants
}
FOLDERS = ("", "app", "app/web/screens/src", "tests")
"""Where files are named from."""


def anchors(path: Path) -> set[str]:
    """What links to a page may end in: its headings, as GitHub and mkdocs both name them."""
    headings = re.findall(r"^#+ (.*)$", prose(path.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().strip().replace(" ", "-") for heading in headings}


@BY_NAME
def test_every_link_leads_to_something(path: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", prose(path.read_text()))
    for target in targets:
        if not target.startswith("https://"):
            file, _, anchor = target.partition("#")
            there = (path.parent / file).resolve() if file else path
            if not there.is_file() or (anchor and anchor not in anchors(there)):
                pytest.fail(f"{target} leads nowhere")


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, following = set[Path](), [ROOT / "README.md"]
    while following:
        reached.add(path := following.pop())
        linked = re.findall(r"\]\(([^)#\s]+\.md)[)#]", path.read_text())
        following += {(path.parent / file).resolve() for file in linked} - reached
    assert set(PAGES) - reached == {ROOT / "CONTRIBUTING.md"}, "which is where GitHub looks"


@BY_NAME
def test_every_file_that_is_named_is_there(path: Path) -> None:
    named = {name for name in quoted(path) if FILE.fullmatch(name)}
    missing = {name for name in named if not any(_found(name))}
    assert missing - NO_FILES - recipes().keys() == set()


def _found(name: str) -> list[Path]:
    if name.startswith("test_"):
        return list((ROOT / "tests").rglob(name))
    places = [ROOT / folder / name for folder in FOLDERS]
    return [file for place in places for file in place.parent.glob(place.name or "*")] + _in_a_room(name)


def _in_a_room(name: str) -> list[Path]:
    """Where the folder that it is in was named before."""
    return list((ROOT / "app").glob(f"*/{name}"))


def test_every_folder_of_tests_is_explained() -> None:
    explained = re.findall(r"^\| `tests/(\w+)/` \|", page("docs/contributing.md"), re.MULTILINE)
    folders = {path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")}
    assert folders - set(explained) == set()


@BY_NAME
def test_every_setting_that_is_named_is_one(path: Path) -> None:
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]*[A-Z]\b(?!_?…)", path.read_text()))
    assert named <= {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


def commands(path: Path) -> list[str]:
    """The lines in which a page shows a command of ours."""
    lines = "".join(blocks(path.read_text())).splitlines()
    lines += re.findall(r"^    (scripts/.*)", prose(path.read_text()), re.MULTILINE)
    return [line.partition(" #")[0].strip() for line in lines if line.startswith((*PROGRAMS, "scripts/"))]


COMMANDS = [pytest.param(line, id=f"{path.name}: {line[:60]}") for path in PAGES for line in commands(path)]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_that_is_shown_can_be_given(line: str) -> None:
    name, *words = shlex.split(line)
    if name in PROGRAMS:
        parse(PROGRAMS[name], words)
    else:
        assert (ROOT / name).is_file()


@BY_NAME
def test_every_command_that_is_named_is_there(path: Path) -> None:
    for name, program in PROGRAMS.items():
        for said in quoted(path):
            if said.startswith(f"{name} ") and "|" not in said:
                parse(program, shlex.split(said)[1:], whole=False)


def parse(program: typer.Typer, words: list[str], *, whole: bool = True) -> None:
    """Read the words of a command as it would; raises where it knows a word not, or where one is missing."""
    command = get_command(program)
    while (commands := getattr(command, "commands", None)) and words and words[0] in commands:
        command = commands[words.pop(0)]
    assert not (commands and words and words[0].isalpha()), f"there is no command {words[0]}"
    words = [word for word in words if word not in ("|", ">")]
    command.make_context("command", words, resilient_parsing=not whole)


@pytest.mark.parametrize("path", ["docs/screens.md", "docs/login.md"])
def test_settings_that_are_shown_are_accepted(path: str) -> None:
    for block in each(blocks(page(path), "ini")):
        given = dict(line.split("=", 1) for line in block.splitlines())
        Settings.read(**{name.removeprefix(PREFIX).lower(): value for name, value in given.items()})


def test_every_error_code_is_explained() -> None:
    listed = re.findall(rf"^\| `(?!{PREFIX})([A-Z_]+)` \|", page("docs/connecting.md"), re.MULTILINE)
    assert listed == [code.value for code in Code]


def test_no_page_wants_a_drawing_that_is_loaded_from_elsewhere() -> None:
    assert [path.name for path in each(DOCS.rglob("*.md")) if "```mermaid" in path.read_text()] == []
