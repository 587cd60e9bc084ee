"""Pictures that the project draws of its own data."""

from apgraph.figures.framework import framework_figure

__all__ = ["framework_figure"]
