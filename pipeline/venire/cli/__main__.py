"""`python -m venire.cli`: the program, where its script is not on the path."""

from venire.cli import main

main()
