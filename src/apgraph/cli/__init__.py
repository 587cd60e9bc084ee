"""The command line: thin, it parses, calls and prints. ``main`` is what the command ``apgraph`` runs."""

from __future__ import annotations

from apgraph.cli.entry import main

__all__ = ["main"]
