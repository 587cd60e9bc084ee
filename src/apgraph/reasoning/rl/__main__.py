"""``python -m apgraph.reasoning.rl``: print the page of the rules."""

import sys

from apgraph.reasoning.rl.reference import page

sys.stdout.write(page())
