"""The Grafana dashboard and the alert rules: well formed, and of figures that the server shows."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
import promql_parser
import pytest
import yaml
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families
from promql_parser import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    MatrixSelector,
    NumberLiteral,
    ParenExpr,
    VectorSelector,
)

from app.graphql.errors import Code
from app.settings import Settings
from tests.support.arrange import deed, done, new_taak
from tests.support.commands import ROOT, Ran, run
from tests.support.each import each
from tests.support.figures import METRICS_TOKEN, until, with_figures
from tests.support.people import DESK, VERGUNNINGEN, VERGUNNINGEN_COLLEGA
from tests.support.processes import serving_process
from tests.support.server import Server, serving
from tests.support.template import Template
from tests.support.waiting import until as until_so

POSTVAK = """
subscription ($eenheid: ID!) { postvak(organisatorischeEenheidId: $eenheid) { volgnummer } }
"""


@dataclass
class Asked:
    """What an expression asks: figures, the labels of each, and the values that some of these must have."""

    labels: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    values: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def read(self, expression: str) -> "Asked":
        """Read an expression as Prometheus does."""
        # Grafana fills this in.
        self._read(promql_parser.parse(expression.replace("$__rate_interval", "5m")), set())
        return self

    def _read(self, expr: Expr, by: set[str]) -> None:
        match expr:
            case VectorSelector():
                assert expr.name is not None
                self.labels[expr.name] |= by | {matcher.name for matcher in expr.matchers.matchers}
                for matcher in expr.matchers.matchers:
                    self.values[expr.name, matcher.name].add(matcher.value)
            case MatrixSelector():
                self._read(expr.vector_selector, by)
            case AggregateExpr():
                self._read(expr.expr, by | set(expr.modifier.labels if expr.modifier else ()))
            case Call():
                for argument in expr.args:
                    self._read(argument, by)
            case BinaryExpr():
                self._read(expr.lhs, by)
                self._read(expr.rhs, by)
            case ParenExpr():
                self._read(expr.expr, by)
            case NumberLiteral():
                pass
            case _:
                raise AssertionError(f"unknown kind of expression: {expr}")


SHIPPED = ROOT / "app" / "monitoring"
DASHBOARD = json.loads((SHIPPED / "dashboard.json").read_text())
GROUPS = yaml.safe_load((SHIPPED / "alerts.yml").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
RULES = [rule for group in GROUPS["groups"] for rule in group["rules"]]
TARGETS = [target for panel in PANELS for target in panel["targets"]]


@pytest.mark.parametrize(("command", "name"), [("dashboard", "dashboard.json"), ("alerts", "alerts.yml")])
async def test_the_files_are_printed(command: str, name: str) -> None:
    assert await run("", "monitoring", command) == Ran(0, (SHIPPED / name).read_text(), "")


def asked() -> Asked:
    """What every expression of both files asks."""
    found = Asked()
    for one in (*TARGETS, *RULES):
        found.read(one["expr"])
    return found


async def shown(server: Server) -> list[Metric]:
    response = await server.http.get(f"{server.url}/metrics", headers={"authorization": f"Bearer {METRICS_TOKEN}"})
    return list(text_string_to_metric_families(response.text))


def samples(families: list[Metric]) -> Iterator[tuple[str, dict[str, str]]]:
    for family in families:
        for sample in family.samples:
            yield sample.name, sample.labels


async def work(server: Server) -> None:
    """A little of everything that figures tell of."""
    desk, ver, eenheid = server.as_(DESK), server.as_(VERGUNNINGEN), server.eenheden["VER"]
    async with ver.follow(POSTVAK, eenheid=eenheid) as inbox, desk.socket() as refused:
        await until(server, subscriptions=1.0, subscriptions_catching_up=0.0)
        task = await new_taak(desk, eenheid)
        await inbox.next()
        await done(ver, "neemInterneTaak", id=task["id"])
        await deed(server.as_(VERGUNNINGEN_COLLEGA), "neemInterneTaak", id=task["id"])
        await refused.send("no JSON")
        await refused.closed()
    assert await desk.codes("{ ik " * 1000) == ["LIMIET_OVERSCHREDEN"]
    assert await server.with_token(None).codes("{ kanalen }") == ["NIET_AANGEMELD"]
    await until(server, subscriptions=0.0)


async def test_every_figure_and_every_label_of_every_expression_is_there(
    settings: Settings, template: Template
) -> None:
    async with serving(with_figures(settings), template.eenheden) as server:
        await work(server)
        families = await shown(server)
    labels: dict[str, set[str]] = defaultdict(set)
    for name, found in samples(families):
        labels[name] |= found.keys()
    wanted = asked()
    assert wanted.labels.keys() - labels.keys() == set()
    for name, of_figure in each(wanted.labels.items()):
        assert of_figure <= labels[name], name
    # What is searched for by its value is an outcome, or a code, that there can be.
    assert wanted.values == {
        ("overdracht_operations_total", "outcome"): {"refused", "internal"},
        ("overdracht_errors_total", "code"): {Code.NIET_BESCHIKBAAR.value},
    }


async def test_a_figure_that_is_on_no_panel_is_for_who_looks_closer(settings: Settings, template: Template) -> None:
    async with serving(with_figures(settings), template.eenheden) as server:
        families = await shown(server)
    ours = {family.name for family in families if family.name.startswith("overdracht_")}
    told = {name.removesuffix("_total").removesuffix("_bucket") for name in asked().labels}
    beside = {"bus_rebuilt", "bus_unreadable", "hints_heard", "hints_sent", "open_connections", "polls"}
    assert ours - told == {f"overdracht_{name}" for name in beside}


def test_the_dashboard_is_one_that_grafana_reads() -> None:
    assert DASHBOARD["title"] == "Overdracht"
    assert DASHBOARD["schemaVersion"] >= 39
    assert [one["type"] for one in DASHBOARD["templating"]["list"]] == ["datasource"]
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}) == len(panels)
    assert all(panel["title"] for panel in panels)
    for panel in PANELS:
        assert panel["description"].endswith(".")
        assert [target["refId"] for target in panel["targets"]] == list("ABCD")[: len(panel["targets"])]
    assert all(target["legendFormat"] for target in TARGETS)


def test_the_alert_rules_are_ones_that_prometheus_reads() -> None:
    assert GROUPS.keys() == {"groups"}
    for group in GROUPS["groups"]:
        assert group.keys() == {"name", "rules"}
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.keys() == {"alert", "expr", "for", "labels", "annotations"}
        assert rule["alert"].isidentifier()
        assert re.fullmatch(r"\d+m", rule["for"])
        assert rule["labels"].keys() == {"severity"}
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"].keys() == {"summary", "description"}


def test_of_what_each_process_tells_that_it_works_one_that_says_no_is_enough_for_an_alert() -> None:
    works = ("overdracht_bus_hears", "overdracht_keys_answer")
    of_each = [rule["expr"] for rule in RULES if any(figure in rule["expr"] for figure in works)]
    assert of_each == [f"min({figure}) == 0" for figure in works]


@pytest.mark.database("postgresql")
async def test_one_scrape_shows_every_worker_and_none_that_died(settings: Settings, template: Template) -> None:
    more = {"workers": "2", "metrics_token": METRICS_TOKEN}
    async with serving_process(settings, template.eenheden, **more) as process:

        async def scraped() -> list[tuple[str, dict[str, str]]]:
            # Whoever was killed may still have a connection of this client's.
            with suppress(httpx.TransportError):
                return list(samples(await shown(process.server)))
            return []

        async def shows_the_living() -> bool:
            pids = {str(worker.pid) for worker in await process.workers()}
            return len(pids) == 2 and pids == {labels.get("worker") for _, labels in await scraped()}

        await until_so(shows_the_living)
        await process.server.as_(DESK).data("{ kanalen }")
        of_kanalen = [name for name, labels in await scraped() if labels.get("field") == "kanalen"]
        assert of_kanalen.count("overdracht_operations_total") == 1
        (await process.workers())[0].kill()
        await until_so(shows_the_living)
