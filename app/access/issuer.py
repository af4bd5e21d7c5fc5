"""The keys of an OpenID Connect issuer, kept up to date without hammering it.

They are fetched when it begins and every now and then, so that keys that were withdrawn vanish, and when a token
names a key that is not known, so that a new key works at once. Strangers can name as many unknown keys as they
like: all together cause one fetch in an interval.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf
from time import monotonic

import httpx

from app.access.discovery import IssuerUnusable, fetch_keys, open_client
from app.access.keys import KeySet, SigningKey
from app.common.outage import Outage

log = logging.getLogger(__name__)

_NONE = KeySet()


class Issuer:
    """An issuer by its address. While it is away the keys in hand serve on, until they are `keep_seconds` old;
    without any nobody is let in.

    The figures are for reading only: whether it answered when it was last asked, how often it was asked, and how
    often in vain.
    """

    def __init__(
        self,
        address: str,
        *,
        timeout_seconds: float,
        refetch_seconds: float,
        refresh_seconds: float,
        keep_seconds: float,
    ) -> None:
        self._address = address
        self._timeout_seconds = timeout_seconds
        self._refetch_seconds = refetch_seconds
        self._refresh_seconds = refresh_seconds
        self._keep_seconds = keep_seconds
        self._http: httpx.AsyncClient | None = None
        self._fetching: asyncio.Task[None] | None = None
        self._tried_at = -inf
        self._fetched: KeySet = _NONE
        self._fetched_at = -inf
        self._outage = Outage(
            log,
            "the issuer's keys cannot be fetched; those in hand serve on for a while",
            "the issuer's keys can be fetched again",
            trace=False,
        )
        self.answers = False
        self.times_asked = 0
        self.times_failed = 0

    @property
    def in_force(self) -> KeySet:
        """The keys in hand; none where they are too old to be relied on."""
        return self._fetched if monotonic() - self._fetched_at < self._keep_seconds else _NONE

    async def find(self, key_id: str | None, algorithm: str, *, but: SigningKey | None = None) -> SigningKey | None:
        """The key that a token names. The issuer is asked for one that is not in hand, unless it just was."""
        found = self.in_force.find(key_id, algorithm)
        if found in (None, but) and await self._fetched_anew():
            found = self.in_force.find(key_id, algorithm)
        return found

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keys are fetched while this is open. It opens when the issuer was asked once, whatever came of it."""
        async with open_client(self._address, timeout_seconds=self._timeout_seconds) as self._http:
            await self._fetched_anew()
            refreshing = asyncio.create_task(self._refresh())
            try:
                yield
            finally:
                self._http = None
                refreshing.cancel()
                tasks = [refreshing] if self._fetching is None else [refreshing, self._fetching]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _refresh(self) -> None:
        while True:
            await asyncio.sleep(self._refresh_seconds if self.answers else self._refetch_seconds)
            await self._fetched_anew()

    async def _fetched_anew(self) -> bool:
        """Whether the keys were fetched after this was asked, or while: all who ask meanwhile share one fetch. Not
        where the issuer was asked less than an interval ago.
        """
        if self._fetching is None:
            if self._http is None or monotonic() - self._tried_at < self._refetch_seconds:
                return False
            self._fetching = asyncio.create_task(self._fetch(self._http))
        # Who asked may go away, and the fetch may be ended: neither is the other's affair.
        await asyncio.wait([self._fetching])
        return True

    async def _fetch(self, http: httpx.AsyncClient) -> None:
        self.times_asked += 1
        try:
            async with asyncio.timeout(self._timeout_seconds):
                self._fetched = await fetch_keys(http, self._address)
            self._fetched_at = monotonic()
            if not self._fetched:
                raise IssuerUnusable("it has no key that tokens can be checked with")
        except Exception as error:
            self.answers = False
            self.times_failed += 1
            self._outage.failed(error)
        else:
            self.answers = True
            self._outage.over()
        finally:
            self._tried_at = monotonic()
            self._fetching = None
