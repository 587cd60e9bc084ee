"""The pages of a release: whole, linked, silent towards the network, and open to everybody."""

from __future__ import annotations

import json
import os
import shutil
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

import apgraph
from apgraph.figures import framework_figure
from apgraph.questions.catalogue import Catalogue
from apgraph.release.site import PAGES, write_site
from apgraph.release.site.elements import element, page
from apgraph.vocabulary import APG, APGS, APGX

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VOID = {"meta", "link", "img", "input", "br", "hr"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    graph = apgraph.Graph()

    def put(name: str, content: bytes) -> None:
        (folder / name).write_bytes(content)

    picture = framework_figure(graph.store).encode()
    write_site(
        put,
        graph.store,
        graph.lexicon,
        version="1.0.0",
        pictures={"framework.svg": (picture, "The framework at a glance.")},
    )
    return folder


class Page(HTMLParser):
    """Ids, links and whatever a page would fetch; every element has to be closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.headings: list[int] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        elif "src" in given or "href" in given:
            self.fetched.append(given.get("src") or given["href"])
        if tag[0] == "h" and tag[1:].isdigit():
            self.headings.append(int(tag[1:]))
        if tag == "img":
            assert given["alt"]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    return {name: Page((site / name).read_text(encoding="utf-8")) for name in PAGES}


def test_no_link_is_broken(site: Path, pages: dict[str, Page]) -> None:
    checked = 0
    for name, found in pages.items():
        assert len(set(found.ids)) == len(found.ids), name
        for link in found.links:
            file, _, anchor = link.partition("#")
            target = pages[file or name]
            assert not anchor or anchor in target.ids, (name, link)
            checked += 1
        for file in found.fetched:
            assert (site / file).is_file(), (name, file)
    assert checked > 5000


def test_nothing_is_asked_of_the_network(site: Path, pages: dict[str, Page]) -> None:
    for found in pages.values():
        assert all("//" not in file for file in (*found.fetched, *found.links))
    for name in ("style.css", "search.js", "framework.svg"):
        text = (site / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http" not in text, name
        assert "fetch(" not in text


def test_headings_leave_no_level_out(pages: dict[str, Page]) -> None:
    for name, found in pages.items():
        assert found.headings[0] == 1, name
        assert found.headings.count(1) == 1
        assert all(
            after - before <= 1 for before, after in zip(found.headings, found.headings[1:], strict=False)
        )


def test_every_term_and_question_has_its_place(pages: dict[str, Page]) -> None:
    terms = apgraph.Graph().lexicon.members()
    for namespace, name in ((APG, "terms.html"), (APGX, "individuals.html"), (APGS, "evidence.html")):
        own = {iri.removeprefix(namespace) for iri in terms if iri.startswith(namespace)}
        assert own - set(pages[name].ids) == set()
        assert len(own) > 100
    assert {question.id for question in Catalogue()} <= set(pages["questions.html"].ids)


def test_a_term_says_what_it_means_and_why(site: Path) -> None:
    text = (site / "terms.html").read_text(encoding="utf-8")
    article = text[text.index('id="PanOrganisationalArrangement"') :]
    article = article[: article.index("</article>")]
    assert (
        "EquivalentTo: 'deployment arrangement' and ('exhibits feature' value 'active in external" in article
    )
    assert 'href="evidence.html#C108"' in article
    article = text[text.index('id="Appointment"') :]
    article = article[: article.index("</article>")]
    assert "is a kind of <code>org:Membership</code>" in article
    article = text[text.index('id="DeploymentModel"') :]
    assert 'href="questions.html#deployment-models"' in article[: article.index("</article>")]


def test_names_are_given_whole(site: Path) -> None:
    """Who cites a term or imports the ontology copies the IRI from the page."""
    assert f"<code>{APGX}coaching</code>" in (site / "individuals.html").read_text(encoding="utf-8")
    for name in PAGES:
        assert "<code>https://w3id.org/apgraph/1.0.0</code>" in (site / name).read_text(encoding="utf-8")


def test_the_search_knows_everything(site: Path, pages: dict[str, Page]) -> None:
    text = (site / "index.js").read_text(encoding="utf-8")
    entries: list[list[Any]] = json.loads(text[text.index("= [") + 2 : text.rindex(";")])
    links = [link for _, _, _, link in entries]
    assert len(set(links)) == len(links) > 1000
    for link in links:
        name, _, anchor = link.partition("#")
        assert anchor in pages[name].ids


def test_markup_in_a_text_stays_text() -> None:
    made = page(
        "index.html", "<script>alert(1)</script>", "1", element("p", "<b> & ]]>", title='"><x>')
    ).decode()
    assert "<script>alert" not in made
    assert "&lt;b&gt; &amp; ]]&gt;" in made
    assert "<x>" not in made


def test_the_pages_count_the_rules_as_a_report_does(site: Path) -> None:
    assert ", 25 rules." in (site / "index.html").read_text(encoding="utf-8")
    said = "25 rules, numbered 1 to 27: numbers 6 and 22 are not used, and rules 4, 24 and 25 have several parts."
    assert said in (site / "rules.html").read_text(encoding="utf-8")


# -- in a browser ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    program = (
        os.environ.get("APGRAPH_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    if program is None:
        pytest.skip("no Chromium here (chromium of Debian), which the pages are looked at in")
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=quiet)
        yield running
        running.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_open_to_everybody(browser: Any, site: Path, name: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    shown = browser.new_page(viewport={"width": 375, "height": 700})
    asked: list[str] = []
    errors: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.on("pageerror", lambda error: errors.append(str(error)))
    shown.goto((site / name).as_uri())
    assert shown.evaluate("document.documentElement.scrollWidth") == 375
    found = Axe().run(shown).response["violations"]
    serious = [
        (each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in {"serious", "critical"}
    ]
    assert serious == []
    assert errors == []
    assert all(url.startswith(site.as_uri()) for url in asked)
    shown.close()


def test_a_phone_shows_every_column_of_the_alignments(browser: Any, site: Path) -> None:
    shown = browser.new_page(viewport={"width": 390, "height": 700})
    shown.goto((site / "alignments.html").as_uri())
    box = shown.locator("tbody tr:first-child td:last-child").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["width"] > 200
    shown.close()


def test_a_phone_shows_every_column_of_the_rules_and_whole_names(browser: Any, site: Path) -> None:
    shown = browser.new_page(viewport={"width": 360, "height": 700})
    shown.goto((site / "rules.html").as_uri())
    widths = shown.evaluate("[...document.querySelectorAll('table')].map(t => t.scrollWidth)")
    assert len(widths) > 20
    assert max(widths) <= 360
    lines = (
        "[...document.querySelectorAll('td code')].filter(c => c.textContent == 'apg:Organisation')"
        ".map(c => c.getClientRects().length)"
    )
    for width in (360, 700, 1100):
        shown.set_viewport_size({"width": width, "height": 700})
        assert set(shown.evaluate(lines)) == {1}, width
    shown.close()


def test_the_search_finds_by_parts_of_words(browser: Any, site: Path) -> None:
    shown = browser.new_page()
    shown.goto((site / "search.html").as_uri())
    shown.fill("#words", "coaching uni")
    assert shown.locator("#found a").first.inner_text() == "coaching is universal"
    assert shown.locator("#found a").first.get_attribute("href") == "individuals.html#coachingIsUniversal"
    shown.fill("#words", "<b>nothing like this")
    assert shown.inner_text("#count") == "Nothing found."
    shown.close()
