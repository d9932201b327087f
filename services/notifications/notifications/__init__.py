"""Notifications: mail, to whom it may go, and what became of it."""
