"""Reading tokens without a server, with the settings of a server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app.access.claims import TokenRefused
from app.access.issuer import Issuer
from app.access.tokens import TokenReader
from app.settings import Settings
from app.wiring.login import token_keys, token_rules
from tests.support.issuer import LocalIssuer

QUICK = {"oidc_timeout_seconds": 30, "oidc_refetch_seconds": 1e-6, "oidc_refresh_seconds": 600}
"""Keys are fetched whenever a token names an unknown key, and hardly ever otherwise."""

QUIET = QUICK | {"oidc_refetch_seconds": 600}
"""Keys are fetched once, at the start."""


@asynccontextmanager
async def reading(issuer: LocalIssuer, **settings: Any) -> AsyncIterator[tuple[TokenReader, Issuer]]:
    """The reader of an issuer's tokens, and the cache of its keys."""
    given = Settings(oidc_issuer=issuer.address, **settings)
    keys = token_keys(given)
    assert isinstance(keys, Issuer)
    async with keys.running():
        yield TokenReader(keys, token_rules(given)), keys


async def is_believed(reader: TokenReader, token: str) -> bool:
    """Whether a token is accepted."""
    try:
        await reader.read(token)
    except TokenRefused:
        return False
    return True


async def why_refused(reader: TokenReader, token: str) -> str:
    """The reason for which a token is refused, as logged."""
    with pytest.raises(TokenRefused) as refused:
        await reader.read(token)
    return str(refused.value)
