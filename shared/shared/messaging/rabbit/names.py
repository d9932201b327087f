"""What things are called on the broker, so that an operator can read them."""

DEAD_SUFFIX = ".dead"


def exchange_of(event_type: str) -> str:
    """Return the exchange of who publishes *event_type*: the first word of it."""
    return event_type.partition(".")[0]


def queue_of(service: str) -> str:
    """Return the queue from which *service* fills its inbox."""
    return service


def dead_queue_of(service: str) -> str:
    """Return the queue for what *service* could not be brought, however often it was tried."""
    return service + DEAD_SUFFIX
