"""What the tests stand on: real servers, builders of valid things, waiting."""
