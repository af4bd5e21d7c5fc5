"""A server's metrics, parsed with Prometheus's own parser."""

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from app.settings import Settings
from tests.support import waiting
from tests.support.server import Server

METRICS_TOKEN = "a token for the figures"


def with_figures(settings: Settings) -> Settings:
    """The same settings, with metrics enabled."""
    return settings.model_copy(update={"metrics_token": METRICS_TOKEN})


async def figures(server: Server) -> dict[str, float]:
    """The value of every metric, by its name without the project's prefix and its labels: `name{label=value,…}`."""
    response = await server.http.get(f"{server.url}/metrics", headers={"authorization": f"Bearer {METRICS_TOKEN}"})
    assert response.status_code == 200
    families = text_string_to_metric_families(response.text)
    return {_name(sample): sample.value for one in families for sample in one.samples}


def _name(sample: Sample) -> str:
    labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
    return sample.name.removeprefix("overdracht_") + (f"{{{labels}}}" if labels else "")


async def until(server: Server, **expected: float) -> None:
    """Wait until these metrics have these values."""

    async def as_expected() -> bool:
        return expected.items() <= (await figures(server)).items()

    await waiting.until(as_expected)
