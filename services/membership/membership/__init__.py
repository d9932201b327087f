"""Membership: who belongs, to which groups, and what they have agreed to."""
