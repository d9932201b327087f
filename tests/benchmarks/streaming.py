"""Yardstick: FastStream, from published to handled, each message with the same upsert."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from itertools import islice
from time import perf_counter
from typing import Any

from faststream.rabbit import Channel, ExchangeType, RabbitBroker, RabbitExchange, RabbitQueue
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import create_async_engine

from shared.messaging import Outgoing
from shared.messaging.rabbit.names import exchange_of
from tests.benchmarks.events import Projected
from tests.benchmarks.part import waiting

_AT_ONCE = 500  # messages to be confirmed together
_PREFETCH = 20  # handled at a time, each on a connection of its own


def handled(
    events: Sequence[Outgoing], database_url: str, *, write: str, read: str, wait: Callable[[], Any]
) -> float:
    """Return how many of *events* a second are published and handled; *wait* for the last.

    *write* and *read* are the URLs of who publishes and who consumes.
    """
    with waiting(__name__, database_url, read):
        begun = perf_counter()
        asyncio.run(_publish(write, events))
        wait()
        return len(events) / (perf_counter() - begun)


async def _publish(url: str, events: Sequence[Outgoing]) -> None:
    async with RabbitBroker(url, logger=None) as broker:
        waiting = iter(events)
        while batch := list(islice(waiting, _AT_ONCE)):
            await asyncio.gather(*(_publish_one(broker, event) for event in batch))


async def _publish_one(broker: RabbitBroker, event: Outgoing) -> None:
    exchange = RabbitExchange(exchange_of(event.type), type=ExchangeType.TOPIC, declare=False)
    await broker.publish(
        event.body,
        exchange=exchange,
        routing_key=event.type,
        content_type="application/json",
        persist=True,
    )


async def _handle(database_url: str, broker_url: str) -> None:
    engine = create_async_engine(database_url, pool_size=_PREFETCH)
    channel = Channel(prefetch_count=_PREFETCH)
    broker = RabbitBroker(broker_url, default_channel=channel, logger=None)

    @broker.subscriber(RabbitQueue("notifications", declare=False))
    async def project(event: dict[str, Any]) -> None:
        told = {"version": event["subjectversion"]}
        async with engine.begin() as connection:
            await connection.execute(
                insert(Projected)
                .values(subject=event["subject"], **told)
                .on_conflict_do_update(
                    index_elements=["subject"],
                    set_=told,
                    where=Projected.version < event["subjectversion"],
                )
            )

    async with broker:
        await broker.start()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(_handle(*sys.argv[1:]))
