import re

import pytest

from tests.report.audit_records import bare, cases, disputed, full, harbor, harbor_verdicts, hostile_transcript, judge
from tests.report.records import HOSTILE, PROVENANCE, agreement, hostile, two_agents
from tests.report.test_html import Page
from venire.agreement import Agreement
from venire.audit import Audit
from venire.report import AuditCases, render_audit
from venire.report.html import resource, style_hash


def render(audit: Audit, found: AuditCases, measured: Agreement | None = None, title: str = "A study") -> str:
    return render_audit(audit, measured or two_agents(), found, title=title, provenance=PROVENANCE)


@pytest.fixture(scope="module")
def page() -> str:
    found = harbor()
    return render(full([disputed(found)]), cases([found], harbor_verdicts(found)))


def test_only_our_script_and_style_are_admitted_and_each_by_its_hash(page: str) -> None:
    policy = dict(Page(page).elements[3][1])["content"] or ""
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert len(script) == len(style) == 1
    assert f"script-src '{style_hash(script[0])}'" in policy
    assert f"style-src '{style_hash(style[0])}'" in policy
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy


def test_the_page_names_no_address_and_no_handler(page: str) -> None:
    for tag, attributes in Page(page).elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style")], tag
        assert (attributes.get("href") or "#").startswith(("#", "data:,"))


def test_our_script_writes_text_only() -> None:
    script = resource("audit.js")
    sinks = ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval", "Function(", "fetch", "setAttribute")
    assert [sink for sink in sinks if sink in script] == []


def test_transcripts_travel_as_data_that_no_browser_runs(page: str) -> None:
    blocks = [attributes for tag, attributes in Page(page).elements if tag == "script" and attributes]
    assert blocks == [{"type": "application/octet-stream", "id": "case-0"}]
    assert "You steer the harbor" not in page


def test_the_first_screen_answers_before_anything_else(page: str) -> None:
    assert page.index("Can I trust these labels?") < page.index("For tentative conclusions only") < page.index("<svg")


def test_all_sections_are_reached_from_the_navigation(page: str) -> None:
    links = re.findall(r'<a href="#([a-z]+)">', page)
    assert links == [
        *("agreement", "judges", "slices", "preference", "gold", "labels", "planner"),
        *("cases", "made", "definitions"),
    ]
    for link in links:
        assert f'id="{link}"' in page


def test_identifiers_are_unique(page: str) -> None:
    found = [attributes["id"] for _, attributes in Page(page).elements if "id" in attributes]
    assert len(found) == len(set(found))


def test_classes_of_the_heat_map_are_in_the_style_sheet(page: str) -> None:
    style = resource("audit.css")
    for shade in set(re.findall(r'class="(heat-\d+)"', page)):
        assert f".{shade} " in style


def test_without_javascript_the_page_says_what_is_missing(page: str) -> None:
    assert "<noscript>" in page


def test_an_audit_of_nothing_is_a_whole_page() -> None:
    text = " ".join(Page(render(bare(), cases([]), agreement())).text)
    assert "That cannot be said" in text
    assert "The judges disagree on no transcript." in text
    assert "No judge belongs to a model family" in text
    assert "undefined" in text or "No figure" in text or "Nothing to draw" in text


def test_hostile_names_open_no_element() -> None:
    found = hostile_transcript()
    audit = full([disputed(found, status=HOSTILE[1])]).model_copy(
        update={
            "judges": tuple(judge(name, statement=name) for name in HOSTILE),
            "statements": HOSTILE,
            "gold_name": HOSTILE[0],
        }
    )
    source = render(audit, cases([found]), hostile(), title=HOSTILE[0])
    tame = render(full([disputed(harbor())]), cases([harbor()]))
    known = {tag for tag, _ in Page(tame).elements}
    opened = Page(source)
    assert {tag for tag, _ in opened.elements} <= known
    assert len(re.findall("<script", source)) == 2
    for name in ("\u202e", "\u200f", "\x07", "\x1b"):
        assert name not in source
    assert "{{ 7 * 7 }}" in " ".join(opened.text)


def test_transcripts_that_are_left_out_are_counted() -> None:
    audit, found = full([disputed(harbor())]), cases([harbor()])
    small = render_audit(audit, two_agents(), found, title="A", provenance=PROVENANCE, most_embedded=10)
    text = " ".join(Page(small).text)
    assert "1 listed transcript did not fit into a page that can be mailed." in text
