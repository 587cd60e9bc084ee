"""Pages of HTML, put together from elements, so that no text is taken for markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from apgraph.notices.document import document
from apgraph.resources import FRAMEWORK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["element", "page"]

_NAVIGATION: Final[Mapping[str, str]] = {
    "index.html": "Overview",
    "terms.html": "Terms",
    "individuals.html": "Reference",
    "evidence.html": "Evidence",
    "questions.html": "Questions",
    "rules.html": "Rules",
    "alignments.html": "Alignments",
    "search.html": "Search",
}


def element(tag: str, *content: object, **attributes: str) -> ET.Element:
    """Return an element; an attribute's name may end in ``_`` where it is a word of Python.

    Args:
        tag: Its name.
        content: Texts, elements, and sequences of them; None is left out.
        attributes: Its attributes.

    >>> ET.tostring(element("p", "a < b, ", element("em", "c"), class_="x"), encoding="unicode", method="html")
    '<p class="x">a &lt; b, <em>c</em></p>'
    """
    made = ET.Element(tag, {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
    _fill(made, content)
    return made


def _fill(parent: ET.Element, content: Iterable[object]) -> None:
    for part in content:
        if part is None:
            continue
        if isinstance(part, str):
            if len(parent):
                parent[-1].tail = (parent[-1].tail or "") + part
            else:
                parent.text = (parent.text or "") + part
        elif isinstance(part, ET.Element):
            parent.append(part)
        elif isinstance(part, list | tuple):
            _fill(parent, part)
        else:
            raise TypeError(part)


def page(file: str, title: str, version: str, *content: object, scripts: Iterable[str] = ()) -> bytes:
    """Return a whole page.

    Args:
        file: Its name, which the navigation marks as the one that is shown.
        title: Its title.
        version: The version of the ontology.
        content: What it holds.
        scripts: Files of scripts that it needs, beside it.
    """
    links = [
        element("li", element("a", text, href=name, **({"aria_current": "page"} if name == file else {})))
        for name, text in _NAVIGATION.items()
    ]
    body = (
        element("a", "To the content", href="#content", class_="skip"),
        element(
            "header",
            element("p", f"apgraph {version}", class_="name"),
            element("p", element("code", f"{FRAMEWORK}/{version}"), class_="facts"),
            element("nav", element("ul", links), aria_label="Pages"),
        ),
        element("main", element("h1", title), content, id="content"),
        element(
            "footer",
            element(
                "p",
                "The Advanced Practitioner framework of English further education as an ontology. Ontology, shapes "
                "and questions under CC BY 4.0. The names at w3id.org are not registered yet and do not resolve.",
            ),
        ),
        *(element("script", " ", src=name) for name in scripts),
    )
    style = element("link", rel="stylesheet", href="style.css")
    return document(
        f"{title} – apgraph {version}", head=[_markup(style)], body=[_markup(part) for part in body]
    ).encode()


def _markup(part: ET.Element) -> str:
    text: str = ET.tostring(part, encoding="unicode", method="html")
    return text
