"""How many connections there may be: each limit by itself, and a place that is left is free again."""

from typing import Any

import pytest

from app.transport.connections.connection_counter import (
    ConnectionCounter,
    ConnectionLimit,
    ConnectionLimits,
    CountedConnection,
)
from app.transport.connections.pipe import CloseCode
from app.transport.limits import LimitReached
from tests.support.pipes import HeldPipe

LIMITS = ConnectionLimits(of_address=2, of_caller=3, of_anonymous=2, operations=4, messages=5)


@pytest.fixture
def refused() -> list[str]:
    return []


@pytest.fixture
def crowd(refused: list[str]) -> ConnectionCounter:
    return ConnectionCounter(LIMITS, refused.append)


def scope(host: str, port: int = 1) -> dict[str, Any]:
    return {"client": (host, port)}


def test_an_address_has_so_many_places_whatever_its_ports_and_another_has_its_own(
    crowd: ConnectionCounter, refused: list[str]
) -> None:
    places = [crowd.from_address(scope("een", port)) for port in (1, 2)]
    with pytest.raises(LimitReached) as reached:
        crowd.from_address(scope("een", 3))
    assert (reached.value.most, refused) == (2, [ConnectionLimit.OF_ADDRESS])
    crowd.from_address(scope("twee"))
    places[0].leave()
    crowd.from_address(scope("een", 3))
    with pytest.raises(LimitReached):
        crowd.from_address(scope("een", 4))


@pytest.mark.parametrize("unknown", [{}, {"client": None}])
def test_connections_of_no_address_are_counted_as_of_one(crowd: ConnectionCounter, unknown: dict[str, Any]) -> None:
    for _ in range(2):
        crowd.from_address(unknown)
    with pytest.raises(LimitReached):
        crowd.from_address(unknown)


def test_a_caller_has_so_many_places_and_one_who_is_called_as_an_address_is_another(
    crowd: ConnectionCounter, refused: list[str]
) -> None:
    for _ in range(2):
        crowd.from_address(scope("een"))
    for _ in range(3):
        crowd.of_caller("een")
    with pytest.raises(LimitReached) as reached:
        crowd.of_caller("een")
    assert (reached.value.most, refused) == (3, [ConnectionLimit.OF_CALLER])
    crowd.of_caller("twee")


def test_a_place_is_free_again_whatever_becomes_of_the_connection(crowd: ConnectionCounter) -> None:
    for _ in range(10):
        with pytest.raises(ConnectionResetError), crowd.from_address(scope("een")):
            raise ConnectionResetError
    assert not crowd._addresses


def test_a_place_that_is_left_twice_frees_one(crowd: ConnectionCounter) -> None:
    with crowd.from_address(scope("een")) as place:
        place.leave()
        place.leave()
        stays: list[CountedConnection] = [crowd.from_address(scope("een")) for _ in range(2)]
    with pytest.raises(LimitReached):
        crowd.from_address(scope("een"))
    for one in stays:
        one.leave()
    assert not crowd._addresses


def test_of_too_many_that_are_nobodys_the_one_that_waits_longest_is_sent_away_once(
    crowd: ConnectionCounter, refused: list[str]
) -> None:
    first, second, third, fourth = (HeldPipe(name) for name in ("een", "twee", "drie", "vier"))
    for pipe in (first, second):
        crowd.add_anonymous(pipe)
    assert first.ended == []
    crowd.add_anonymous(third)
    assert (first.ended, second.ended, third.ended) == ([CloseCode.TRY_AGAIN_LATER], [], [])
    crowd.remove_anonymous(second)
    crowd.add_anonymous(fourth)
    crowd.remove_anonymous(first)
    assert [pipe.ended for pipe in (second, third, fourth)] == [[], [], []]
    crowd.add_anonymous(HeldPipe("vijf"))
    assert [len(pipe.ended) for pipe in (first, second, third, fourth)] == [1, 0, 1, 0]
    assert refused == [ConnectionLimit.OF_NOBODY] * 2
