"""Peers while the server stops: which of them do something of what is waited for, and which are let go of."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from app.transport.server.connection import Left, PromptClosing
from tests.support.each import each

SENT, MORE_SENT = ("send", -100), ("send", -101)
WAITS, LESS_WAITS, MORE_WAITS = ("take", 100), ("take", 99), ("take", 101)


class Looks(asyncio.Transport):
    """A connection that a test loses, on a loop that looks when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.is_lost = False
        self._next: Callable[[], object] | None = None

    def abort(self) -> None:
        self.is_lost = True

    def call_later(self, _: float, look: Callable[..., object], *args: Any) -> None:
        self._next = lambda: look(*args)

    def look(self) -> None:
        """Some seconds have passed."""
        due, self._next = self._next, None
        assert due is not None, "it is looked at no more"
        due()


class Peer(PromptClosing):
    """A connection of which a test says what its peer has still to do."""

    def __init__(self, looks: Looks, left: Left | None) -> None:
        self.transport = looks
        self.loop = looks  # type: ignore[assignment] # all of a loop that it uses
        self.left = left

    def left_to_peer(self) -> Left | None:
        return self.left


def lost_at(*left: Left | None) -> list[bool]:
    """Whether a peer was let go of by each look after the first, at which it has this to do."""
    looks = Looks()
    peer = Peer(looks, left[0])
    peer.hurry()
    lost: list[bool] = []
    for now in left[1:]:
        peer.left = now
        looks.look()
        lost.append(looks.is_lost)
    return lost


@pytest.mark.parametrize(
    "left",
    [
        pytest.param((WAITS, WAITS), id="takes nothing"),
        pytest.param((WAITS, MORE_WAITS), id="takes less than it is given"),
        pytest.param((SENT, SENT), id="sends nothing"),
        pytest.param((WAITS, LESS_WAITS, LESS_WAITS), id="took some, and then nothing"),
        pytest.param((SENT, WAITS, WAITS), id="sent all, and takes nothing of the answer"),
        pytest.param((None, WAITS, WAITS), id="takes nothing of what was made in between"),
    ],
)
def test_a_peer_that_does_nothing_between_two_looks_is_let_go_of(left: tuple[Left | None, ...]) -> None:
    lost = lost_at(*left)
    assert lost == [False] * (len(lost) - 1) + [True]


@pytest.mark.parametrize(
    "left",
    [
        pytest.param((WAITS, LESS_WAITS), id="takes some"),
        pytest.param((SENT, MORE_SENT), id="sends some"),
        pytest.param((SENT, WAITS), id="has sent all, and is answered"),
        pytest.param((WAITS, SENT), id="has taken all, and sends the next"),
        pytest.param((None, None, None), id="waits for the server"),
        pytest.param((None, WAITS), id="was waiting for the server"),
        pytest.param((WAITS, None, WAITS), id="has done it, and has as much to do again"),
    ],
)
def test_a_peer_that_does_something_or_has_nothing_to_do_is_waited_for(left: tuple[Left | None, ...]) -> None:
    assert not any(each(lost_at(*left)))
