"""Numbers to read out on the phone."""

import secrets


def new_nummer() -> str:
    """A random number of ten digits, the first not 0; that it is unique is the register's to see to."""
    return str(1_000_000_000 + secrets.randbelow(9_000_000_000))
