"""What people do as members, cut off half-way."""
