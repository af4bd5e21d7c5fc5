"""A setting may be what is said of it, and nothing beyond."""

import re
from typing import Annotated
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter, ValidationError

from app.settings import Settings, SettingsWrong

NUMBERS = {name: field for name, field in Settings.model_fields.items() if field.annotation in (int, float)}
WORDS = {"a day": "86400", "a week": "604800"}
MANY = 10**9


def told(description: str) -> tuple[float | None, float | None]:
    """The least and the most that a description tells."""
    if (both := re.search(r"([0-9]+) to ([0-9]+)", description)) is not None:
        return float(both[1]), float(both[2])
    least, most = re.search(r"from ([0-9]+)", description), re.search(r"up to ([0-9.]+|a day|a week)", description)
    return least and float(least[1]), most and float(WORDS.get(most[1], most[1]))


def is_accepted(name: str, value: float) -> bool:
    bounds = NUMBERS[name].metadata
    try:
        TypeAdapter(Annotated[float, *bounds]).validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_may_be_what_is_said_of_it(name: str) -> None:
    description = NUMBERS[name].description or ""
    least, most = told(description)
    step = 1 if NUMBERS[name].annotation is int else 0.001
    if least is not None:
        assert is_accepted(name, least)
        assert not is_accepted(name, least - step)
    else:
        assert is_accepted(name, step)
        assert not is_accepted(name, -step)
    assert is_accepted(name, MANY if most is None else most)
    assert most is None or not is_accepted(name, most + step)


@pytest.mark.parametrize("name", [name for name in NUMBERS if name.endswith("_seconds")])
def test_no_time_is_none_at_all_where_that_is_not_said(name: str) -> None:
    field = NUMBERS[name]
    if field.annotation is float:
        assert is_accepted(name, 0) == ("0 to" in (field.description or ""))


@pytest.mark.parametrize(("name", "most"), [("kanalen", 50), ("gevraagde_handelingen", 200)])
def test_what_is_offered_is_no_longer_than_what_may_be_registered(name: str, most: int) -> None:
    assert getattr(Settings.read(**{name: f"Kort,{'x' * most}"}), name) == ("Kort", "x" * most)
    with pytest.raises(SettingsWrong, match=f"longer than {most} code points"):
        Settings.read(**{name: f"Kort,{'x' * (most + 1)}"})


@pytest.mark.parametrize("name", ["Europe/Amsterdam", "America/Curacao", "UTC", "Asia/Kolkata"])
def test_the_time_zone_is_one_that_exists(name: str) -> None:
    assert Settings.read(tijdzone=name).tijdzone == name
    assert ZoneInfo(name).key == name


@pytest.mark.parametrize(
    "name", ["", "Amsterdam", "europe/amsterdam", "Europe/Amsterdam ", "+01:00", "../zone", "localtime", "Factory"]
)
def test_a_time_zone_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(SettingsWrong, match=r"OVERDRACHT_TIJDZONE: .*there is no time zone with this name"):
        Settings.read(tijdzone=name)


def test_the_time_zone_is_that_of_the_netherlands_unless_it_is_set() -> None:
    default = Settings.model_fields["tijdzone"].default
    assert Settings.read(tijdzone=default).tijdzone == "Europe/Amsterdam"
