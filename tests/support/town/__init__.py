"""All services at one address, with people, staff and whatever they leave behind; and who looks."""
