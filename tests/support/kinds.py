"""A pytest plugin: tests run on every kind of database, or on one; the summary lists tests that ran on one only."""

from collections import defaultdict
from collections.abc import Iterable

import pytest

from tests.support.databases import KINDS

_KIND = "kind of database"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=KINDS, help="run the tests on this kind of database only")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that uses a database on each kind, except tests that are marked for one kind."""
    if "databases" in metafunc.fixturenames:
        about = metafunc.definition.get_closest_marker("database")
        metafunc.parametrize("databases", about.args if about else KINDS, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests on other kinds of databases than the one selected with --database."""
    chosen = config.getoption("database")
    others = [item for item in items if chosen and kind_of(item) not in (None, chosen)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]


def kind_of(item: pytest.Item) -> str | None:
    """The kind of database that a test runs on; None if it uses no database."""
    callspec = getattr(item, "callspec", None)
    chosen: str | None = callspec.params.get("databases") if callspec else None
    about = item.get_closest_marker("database")
    return chosen or (about.args[0] if about else None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Add the kind to the test's reports, because only the process that runs a test knows the test itself."""
    if kind := kind_of(item):
        item.user_properties.append((_KIND, kind))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """List, for each kind, the modules and tests that ran on that kind only."""
    if config.getoption("database"):
        return
    reports = [
        one for some in terminalreporter.stats.values() for one in some if isinstance(one, pytest.TestReport)
    ]
    found = on_one_kind(
        (report.nodeid, str(kind)) for report in reports for name, kind in report.user_properties if name == _KIND
    )
    for kind, names in sorted(found.items()):
        terminalreporter.section(f"ran on {kind} only")
        for name in names:
            terminalreporter.line(name)


def on_one_kind(ran: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """For each kind the modules whose tests ran on that kind only, and such tests of other modules.

    `ran` has the node id and the kind of each test that ran.
    """
    kinds: dict[str, set[str]] = defaultdict(set)
    for nodeid, kind in ran:
        module = nodeid.partition("::")[0]
        kinds[module].add(kind)
        kinds[nodeid.partition("[")[0]].add(kind)
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(kinds):
        module, is_test, _ = name.partition("::")
        if len(kinds[name]) == 1 and not (is_test and len(kinds[module]) == 1):
            found[next(iter(kinds[name]))].append(name)
    return dict(found)
