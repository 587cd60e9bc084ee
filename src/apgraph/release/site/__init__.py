"""The documentation as a folder of pages that need no server and ask nothing of the network."""

from __future__ import annotations

from apgraph.release.site.pages import PAGES, write_site

__all__ = ["PAGES", "write_site"]
