"""A relay or a consumer as a process of its own, to be killed: goes on until it is."""

import sys

from shared.db import Database
from shared.messaging import Relay
from shared.messaging.rabbit import Consumer, RabbitTransport


def main(part: str, database_url: str, broker_url: str) -> None:
    """Do what *part* does, for ever."""
    database = Database(database_url)
    if part == "relay":
        step = Relay(database, RabbitTransport(broker_url, "registration")).run_once
    else:
        step = Consumer(broker_url, "notifications", database).run_once
    while True:
        step()


if __name__ == "__main__":
    main(*sys.argv[1:])
