"""Under which trace an operation is called."""

import re

import pytest

from app.transport.execution.operation import trace_id

SENT = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize("traceparent", [f"00-{SENT}-00f067aa0ba902b7-01", f"cc-{SENT}-00f067aa0ba902b7-00-more"])
def test_the_trace_of_a_client_is_gone_on_with(traceparent: str) -> None:
    assert trace_id(traceparent) == SENT


@pytest.mark.parametrize(
    "traceparent",
    [
        None,
        1,
        "",
        SENT,
        f"ff-{SENT}-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{SENT}-{'0' * 16}-01",
        f"00-{SENT.upper()}-00f067aa0ba902b7-01",
        f"00-{SENT}-00f067aa0ba902b7-01\n",
    ],
)
def test_without_a_well_formed_one_a_trace_begins(traceparent: object) -> None:
    begun = trace_id(traceparent)
    assert re.fullmatch("[0-9a-f]{32}", begun)
    assert begun not in (SENT, trace_id(traceparent))
