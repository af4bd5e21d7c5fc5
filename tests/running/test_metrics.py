"""Figures: who may see them, and what they look like."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.settings import Settings
from tests.support import waiting
from tests.support.each import each
from tests.support.figures import METRICS_TOKEN, figures, until, with_figures
from tests.support.server import Server, serving
from tests.support.template import Template

# Who may see figures has nothing to do with where anything is read.
pytestmark = pytest.mark.database("sqlite")

NAMES = {
    "bus_hears": "gauge",
    "bus_deaf": "counter",
    "bus_rebuilt": "counter",
    "bus_unreadable": "counter",
    "hints_sent": "counter",
    "hints_dropped": "counter",
    "hints_heard": "counter",
    "polls": "counter",
    "keys_answer": "gauge",
    "poll_found_facts": "counter",
    "open_connections": "gauge",
    "pending_bytes": "gauge",
    "subscriptions": "gauge",
    "subscriptions_catching_up": "gauge",
    "payloads_made": "counter",
    "open_sockets": "gauge",
    "open_event_streams": "gauge",
    "groups": "gauge",
    "build_info": "gauge",
    "operations": "counter",
    "operation_seconds": "histogram",
    "operations_executed": "counter",
    "errors": "counter",
    "limits_refused": "counter",
    "logins_refused": "counter",
    "sockets_closed": "counter",
    "facts_written": "counter",
    "fact_delivery_seconds": "histogram",
    "facts_handed_out": "counter",
    "database_wait_seconds": "histogram",
    "event_loop_lag_seconds": "histogram",
    "verwerkingenlog_written": "counter",
    "verwerkingenlog_lost": "counter",
    "verwerkingenlog_waiting": "gauge",
}

PROCESS = {"process_cpu_seconds", "process_resident_memory_bytes", "process_open_fds", "process_start_time_seconds"}


async def test_without_a_token_in_the_settings_there_are_no_figures(server: Server) -> None:
    for headers in ({}, {"authorization": "Bearer"}, {"authorization": "Bearer None"}):
        response = await server.http.get(f"{server.url}/metrics", headers=headers)
        assert response.status_code == 404


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        METRICS_TOKEN,
        f"Basic {METRICS_TOKEN}",
        f"Bearer {METRICS_TOKEN}x",
        "Bearer é",
    ],
)
async def test_who_does_not_know_the_token_finds_what_they_find_anywhere_else(
    settings: Settings, template: Template, authorization: str | None
) -> None:
    headers = {} if authorization is None else {b"authorization": authorization.encode("latin-1")}
    async with serving(with_figures(settings), template.eenheden) as server:
        refused = await server.http.get(f"{server.url}/metrics", headers=headers)
        elsewhere = await server.http.get(f"{server.url}/nowhere")
        posted = await server.http.post(f"{server.url}/metrics", headers=headers)
    assert refused.status_code == posted.status_code == 404
    assert refused.content == posted.content == elsewhere.content


async def test_every_figure_is_explained_and_can_be_read_by_prometheus(
    settings: Settings, template: Template
) -> None:
    async with serving(with_figures(settings), template.eenheden) as server:
        response = await server.http.get(
            f"{server.url}/metrics", headers={"authorization": f"bearer {METRICS_TOKEN}"}
        )
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    families = {family.name: family for family in text_string_to_metric_families(response.text)}
    own = {name: family for name, family in families.items() if name.startswith("overdracht_")}
    assert {name: family.type for name, family in own.items()} == {
        f"overdracht_{name}": kind for name, kind in NAMES.items()
    }
    assert all(family.documentation.endswith(".") for family in each(own.values()))
    assert families.keys() >= PROCESS


async def test_a_bus_in_memory_hears_itself_and_the_figures_say_so(settings: Settings, template: Template) -> None:
    async with serving(with_figures(settings), template.eenheden) as server:
        await until(server, bus_hears=1.0, bus_deaf_total=0.0)
        before = (await figures(server))["polls_total"]

        async def has_polled() -> bool:
            return (await figures(server))["polls_total"] > before

        await waiting.until(has_polled)
