"""The codes that sockets are closed with.

After some of them the clients of graphql-ws come back by themselves, after all others they stay away: see the list
of fatal codes in its client.
"""

from enum import IntEnum


class CloseCode(IntEnum):
    """Why a socket is closed."""

    POLICY_VIOLATION = 1008
    """It sends more than it may; it stays away."""
    SERVICE_RESTART = 1012
    """The server stops; it comes back, to another process or to this one when it is up again."""
    TRY_AGAIN_LATER = 1013
    """It cannot be served now; it comes back."""
    BAD_REQUEST = 4400
    """It does not keep to the protocol; it stays away."""
    UNAUTHORIZED = 4401
    """Its caller is not let in any more; it stays away."""
    FORBIDDEN = 4403
    """What its caller came in with is not valid, or not any more; it comes back with a fresh one."""
    SUBPROTOCOL_NOT_ACCEPTABLE = 4406
    """It does not speak graphql-transport-ws."""
    CONNECTION_INITIALISATION_TIMEOUT = 4408
    """It did not say in time who it is; it comes back."""
    SUBSCRIBER_ALREADY_EXISTS = 4409
    """It gave two operations one id; it stays away."""
    TOO_MANY_INITIALISATION_REQUESTS = 4429
    """It said twice who it is; it stays away."""
    INTERNAL_SERVER_ERROR = 4500
    """We broke; it stays away."""
