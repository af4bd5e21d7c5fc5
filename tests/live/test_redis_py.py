"""Why redis-py is pinned below 8, for whoever wants to raise the pin.

broadcaster 0.3.1 begins to listen before its first channel is subscribed. redis-py 7 waits for the subscription
then, redis-py 8 does not, and the first channel never hears anything. A newer broadcaster may have mended it: raise
the pin when the second test passes with redis-py 8, and drop the first.
"""

import asyncio
from importlib.metadata import version

from broadcaster import Broadcast

from tests.support.client import PATIENCE
from tests.support.redis import running_redis


def test_redis_py_is_below_8_since_broadcaster_is_deaf_with_it() -> None:
    assert int(version("redis").split(".")[0]) == 7


async def test_the_first_channel_of_a_broadcast_hears_with_the_installed_redis_py() -> None:
    async with (
        running_redis() as redis,
        Broadcast(redis.url) as broadcast,
        broadcast.subscribe("eerste") as subscriber,
    ):
        await broadcast.publish("eerste", "hallo")
        event = await asyncio.wait_for(subscriber.get(), PATIENCE)
    assert event.message == "hallo"
