"""Yardsticks of publishing: what the broker takes from a program that does nothing else."""

from collections.abc import Sequence
from time import perf_counter
from typing import Any

import pika
from kombu import Connection, Producer
from pika.spec import BasicProperties

from shared.contracts import CONTENT_TYPE
from shared.messaging import Outgoing
from shared.messaging.rabbit.names import exchange_of


def pipelined(url: str, events: Sequence[Outgoing]) -> float:
    """Return how many a second pika publishes that waits for no confirmation before the last."""
    unconfirmed = len(events)
    begun = ended = 0.0

    def opened(connection: Any) -> None:
        connection.channel(on_open_callback=ready)

    def ready(channel: Any) -> None:
        channel.confirm_delivery(confirmed, callback=lambda _: publish(channel))

    def publish(channel: Any) -> None:
        nonlocal begun
        begun = perf_counter()
        properties = BasicProperties(content_type=CONTENT_TYPE, delivery_mode=2)
        for event in events:
            exchange = exchange_of(event.type)
            channel.basic_publish(exchange, event.type, event.body, properties, mandatory=True)

    def confirmed(frame: Any) -> None:
        nonlocal unconfirmed, ended
        unconfirmed = len(events) - frame.method.delivery_tag
        if not unconfirmed:
            ended = perf_counter()
            connection.close()

    connection: Any = pika.SelectConnection(
        pika.URLParameters(url),
        on_open_callback=opened,
        on_close_callback=lambda *_: connection.ioloop.stop(),
    )
    connection.ioloop.start()
    return len(events) / (ended - begun)


def one_by_one(url: str, events: Sequence[Outgoing]) -> float:
    """Return how many a second kombu publishes that waits for each confirmation."""
    with Connection(url, transport_options={"confirm_publish": True}) as connection:
        producer = Producer(connection.channel())
        begun = perf_counter()
        for event in events:
            producer.publish(
                event.body,
                exchange=exchange_of(event.type),
                routing_key=event.type,
                content_type=CONTENT_TYPE,
                content_encoding="binary",
                delivery_mode=2,
                mandatory=True,
            )
        return len(events) / (perf_counter() - begun)
