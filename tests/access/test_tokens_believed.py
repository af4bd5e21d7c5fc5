"""A token that was read once is remembered, and believed no longer than one that is read anew."""

from dataclasses import replace
from time import time

from app.access.claims import TokenRefused
from app.access.keys import keys_from_secret
from app.access.tokens import TokenReader
from tests.support.people import DEMO_KEY, DESK, RULES
from tests.support.waiting import SOON, until


async def test_a_token_that_is_remembered_is_refused_when_it_has_expired() -> None:
    reader = TokenReader(keys_from_secret(DEMO_KEY), replace(RULES, leeway_seconds=0))
    token = DESK.token(valid_seconds=2)
    assert (await reader.read(token)).medewerker_id == DESK.subject

    async def is_refused() -> bool:
        before = time()
        try:
            claims = await reader.read(token)
        except TokenRefused:
            return True
        assert claims.verloopt > before, "it was believed when it had expired"
        return False

    await until(is_refused, SOON)
