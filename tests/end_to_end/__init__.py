"""The whole system as processes, visited with real browsers."""
