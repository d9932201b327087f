"""Notifications, killed while administrators act on what it could not handle."""
