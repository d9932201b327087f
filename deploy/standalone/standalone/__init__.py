"""The roof: all three services in one process, with SQLite files and no broker."""
