"""Notices: what a check found, as a page to print, as SARIF, as JSON; and which of it was accepted for a time.

Nothing here knows what was checked: a check makes :class:`Notice` objects, and a :class:`NoticeReport` of them.
"""

from apgraph.notices.notice import SEVERITIES, Notice, Rule
from apgraph.notices.report import NoticeReport, Section
from apgraph.notices.waivers import Waiver, apply, read_waivers

__all__ = ["SEVERITIES", "Notice", "NoticeReport", "Rule", "Section", "Waiver", "apply", "read_waivers"]
