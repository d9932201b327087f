"""The six processes of an installation, killed, frozen and left without what they need."""
