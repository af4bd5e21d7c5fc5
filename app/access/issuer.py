"""The keys of an OpenID Connect issuer, kept up to date with few requests.

They are fetched at startup; at a regular interval, so that withdrawn keys disappear; and when a token names an
unknown key, so that a new key works at once. Strangers can send tokens with any number of unknown keys: together
these cause at most one fetch per interval.
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
    """The keys of the issuer at an address. While it does not answer, the keys that were fetched last remain valid
    until they are `keep_seconds` old. Without keys no token is accepted.

    The public attributes are for reading only: whether the issuer answered the last request, the number of
    requests, and how many of them failed.
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
        self.requests = 0
        self.times_failed = 0

    @property
    def current(self) -> KeySet:
        """The keys that were fetched last; none if they are too old."""
        return self._fetched if monotonic() - self._fetched_at < self._keep_seconds else _NONE

    async def find(self, key_id: str | None, algorithm: str, *, but: SigningKey | None = None) -> SigningKey | None:
        """The key that a token names; None if there is none. If no key or only `but` is known, the issuer is asked
        for another, unless it was asked a moment ago.
        """
        key = self.current.find(key_id, algorithm)
        if key in (None, but) and await self._fetch_once():
            key = self.current.find(key_id, algorithm)
        return key

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Fetch keys at intervals while this context is open. It opens after the first request, even if that
        failed.
        """
        async with open_client(self._address, timeout_seconds=self._timeout_seconds) as self._http:
            await self._fetch_once()
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
            await self._fetch_once()

    async def _fetch_once(self) -> bool:
        """Fetch the keys, sharing one fetch with all concurrent callers; returns whether there was a fetch. There
        is none if the issuer was asked less than an interval ago.
        """
        if self._fetching is None:
            if self._http is None or monotonic() - self._tried_at < self._refetch_seconds:
                return False
            self._fetching = asyncio.create_task(self._fetch(self._http))
        # `wait` keeps the two apart: a cancelled caller does not cancel the fetch, nor the other way around.
        await asyncio.wait([self._fetching])
        return True

    async def _fetch(self, http: httpx.AsyncClient) -> None:
        self.requests += 1
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
