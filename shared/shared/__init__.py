"""What every service stands on: contracts, messaging, web pages, database."""
