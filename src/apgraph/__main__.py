"""The command line, as ``python -m apgraph``."""

from apgraph.cli import main

if __name__ == "__main__":
    main()
