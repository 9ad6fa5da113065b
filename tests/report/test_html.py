import re
from html.parser import HTMLParser

import pytest

from tests.report.records import HOSTILE, PROVENANCE, agreement, alpha, hostile, judge, rate, two_agents
from venire.agreement import Agreement
from venire.report import render_html
from venire.report.html import style_hash
from venire.text import visible

VOID = ("meta", "link", "input")


class Page(HTMLParser):
    """A page as a browser sees it: its elements with their attributes, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def words(self) -> str:
        return " ".join("".join(self.text).split())


def source(measured: Agreement, **fields: object) -> str:
    values: dict[str, object] = {"title": "A study", "provenance": PROVENANCE, **fields}
    return render_html(measured, **values)  # type: ignore[arg-type]


def page(measured: Agreement, **fields: object) -> Page:
    return Page(source(measured, **fields))


def test_the_first_screen_says_what_was_found() -> None:
    words = page(two_agents(), notices=["Made up for a test."]).words
    for sentence in (
        "A study",
        "Made up for a test.",
        "Of 40 transcripts, 12 (30.0 %; 95 % interval 20.0–40.0 %) are settled violations.",
        "Judges agree on severity with ordinal alpha 0.700: tentative (0.667 to 0.800).",
        "1 missing",
        "2 failed",
    ):
        assert words.index(sentence) < words.index("Charts Violation rate by agent")


@pytest.mark.parametrize("measured", [two_agents(), hostile(), agreement()], ids=["two agents", "hostile", "empty"])
def test_the_page_holds_all_it_needs_and_runs_nothing(measured: Agreement) -> None:
    found = page(measured)
    tags = {tag for tag, _ in found.elements}
    assert not tags & {"script", "iframe", "object", "embed", "img", "base", "form", "audio", "video", "foreignobject"}
    for _, attributes in found.elements:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset", "action")
        ]
        assert (attributes.get("href") or "#").startswith(("#", "data:,"))
    assert not re.search(r"@import|url\(", source(measured))


def test_the_policy_admits_the_page_s_own_style_and_nothing_else() -> None:
    text = source(two_agents())
    found = Page(text)
    policy = next(meta["content"] for meta in found.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    own = style_hash(style.group(1))
    assert policy == f"default-src 'none'; style-src '{own}'; img-src data:; base-uri 'none'; form-action 'none'"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_strings_are_shown_as_text(name: str) -> None:
    found = page(hostile(), title=name, notices=[name])
    assert visible(name) in "".join(found.text)
    assert [tag for tag, _ in found.elements].count("style") == 1


def test_no_control_or_direction_character_reaches_the_page() -> None:
    text = source(hostile(), title="".join(HOSTILE))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)


def test_tables_have_captions_and_scopes() -> None:
    found = page(two_agents())
    assert len(found.all("caption")) == len(found.all("table"))
    assert all(cell.get("scope") in ("col", "row", "rowgroup") for cell in found.all("th"))


def test_identifiers_are_unique_and_every_link_within_the_page_ends_somewhere() -> None:
    found = page(two_agents())
    names = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(names) == len(set(names))
    links = {(link["href"] or "").removeprefix("#") for link in found.all("a")}
    assert links <= set(names)


def test_charts_are_drawn_and_their_colors_are_in_the_style_sheet() -> None:
    text = source(two_agents())
    drawn = set(re.findall(r'class="(?:mark|part|interval|band) ([\w-]+)"', text))
    assert drawn
    assert all(f".{name} {{" in text for name in drawn)
    assert len([image for image in Page(text).all("svg") if image.get("role") == "img"]) == 4


def test_undefined_figures_are_explained_where_they_stand() -> None:
    words = page(agreement(alphas=(alpha(None, undefined="every vote is the same"),))).words
    assert words.count("every vote is the same") >= 4  # the figure, the sentence, the chart, the table


def test_an_empty_study_makes_a_page() -> None:
    words = page(agreement(violation_rates=())).words
    assert "No transcript has a settled violation label, so there is no violation rate." in words
    assert "No label is contested or incomplete." in words


def test_rules_judges_are_marked_in_the_chart_titles_and_at_the_top() -> None:
    words = page(two_agents()).words
    assert "Violation rate by agent*" in words
    assert words.index("come from rules judges") < words.index("In short")
    assert "*" not in page(agreement(judges=(judge("one"),), violation_rates=(rate(1, 2, "ant"),))).words


def test_how_it_was_made_can_be_recomputed() -> None:
    words = page(two_agents()).words
    assert "ab" * 32 in words
    assert PROVENANCE.fingerprint in words
    assert "1,000 replicates, seed 1" in words


def test_the_same_figures_give_the_same_page() -> None:
    assert source(two_agents()) == source(two_agents())
