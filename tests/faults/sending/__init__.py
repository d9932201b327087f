"""Notifications and its parts, killed."""
