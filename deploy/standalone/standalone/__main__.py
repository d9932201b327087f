"""`python -m standalone`."""

from standalone.cli import main

main()
