"""Which brokers are accepted, and that a password in the URL is never shown."""

import pytest

from app.settings import Settings, SettingsWrong
from tests.support.commands import run
from tests.support.people import DEMO_KEY

# Brokers are checked before anything is read.
pytestmark = pytest.mark.database("sqlite")


@pytest.mark.parametrize(
    "url",
    [
        "memory://",
        "redis://localhost",
        "redis://localhost:6379/1",
        "redis://gebruiker:geheim@redis.example:6379/0?socket_timeout=5",
        "rediss://:geheim@redis.example:6380/0?ssl_cert_reqs=none",
        "redis://[::1]:6379",
    ],
)
def test_memory_and_redis_are_accepted(url: str) -> None:
    assert Settings.read(broker_url=url).broker_url == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "memory",
        "memory://geheim",
        "redis://",
        "redis://:geheim@",
        "redis:geheim",
        "redis://:geheim@host:poort",
        "redis://:ge/heim@host",
        "redis://:geheim@host?socket_timeout=geheim",
        "redis://:geheim@host?onbekend=1",
        "redis-stream://:geheim@host",
        "amqp://u:geheim@host",
        "postgresql://u:geheim@host/db",
        "unix:///geheim",
    ],
)
def test_any_other_broker_is_refused_without_showing_its_password(url: str) -> None:
    with pytest.raises(SettingsWrong) as refused:
        Settings.read(broker_url=url)
    assert str(refused.value).startswith("OVERDRACHT_BROKER_URL: ")
    assert "redis://…" in str(refused.value)
    assert "heim" not in str(refused.value)


async def test_a_wrong_broker_is_said_in_one_line_at_the_start(settings: Settings) -> None:
    ran = await run(settings.database_url, "serve", token_demo_key=DEMO_KEY, broker_url="amqp://u:geheim@host")
    assert ran.is_one_line("OVERDRACHT_BROKER_URL", "memory://", "redis://")
    assert "geheim" not in ran.err


def test_secrets_are_not_shown_with_the_settings() -> None:
    secret = "geheim" * 6
    more = {
        "broker_url": "redis://:geheim@host",
        "database_url": "postgresql+asyncpg://user:geheim@host/name",
        "otlp_endpoint": "https://user:geheim@host",
    }
    shown = repr(Settings.read(**more, metrics_token=secret, token_demo_key=secret))
    assert "geheim" not in shown


def test_a_bus_must_be_allowed_two_heartbeats_before_it_counts_as_deaf() -> None:
    with pytest.raises(SettingsWrong, match=r"^OVERDRACHT_BUS_DEAF_SECONDS: .*two heartbeats"):
        Settings.read(bus_beat_seconds=2, bus_deaf_seconds=3.9)


def test_a_token_for_the_figures_has_at_least_16_characters() -> None:
    with pytest.raises(SettingsWrong, match=r"^OVERDRACHT_METRICS_TOKEN: ") as refused:
        Settings.read(metrics_token="kort geheim")
    assert "kort" not in str(refused.value)
