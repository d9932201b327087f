"""How long anybody waits for the broker, in seconds."""

# A peer that says nothing for twice as long is gone; recovery within 30 s allows no more.
HEARTBEAT = 10
CONNECT_TIMEOUT = 5
# In which one read or write must end.
IO_TIMEOUT = 15
# For a whole batch to be confirmed, or for a connection to be ready.
DEADLINE = 10.0
