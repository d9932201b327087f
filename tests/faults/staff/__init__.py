"""Membership, killed while staff sign in and out."""
