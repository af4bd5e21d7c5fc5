"""Loaders of one operation: what several wait for together does not go with the first who stops waiting."""

import asyncio

import pytest

from app.graphql.loaders import Loader


async def test_who_stops_waiting_takes_nothing_from_who_waits_for_the_same() -> None:
    read, begun = asyncio.Event(), asyncio.Event()

    async def load(keys: list[str]) -> list[str]:
        begun.set()
        await read.wait()
        return [key.upper() for key in keys]

    loader: Loader[str, str] = Loader(load_fn=load)

    async def waits(key: str) -> str:
        return await loader.load(key)

    gone, waiting, other = [asyncio.ensure_future(waits(key)) for key in ("a", "a", "b")]
    await begun.wait()
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    read.set()
    assert [await waiting, await other, await waits("a")] == ["A", "B", "A"]
