"""The audit's page in a real browser: transcripts open, quotes are marked, hostile words stay words."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.report.audit_browser import CHROMIUM, Tab, tab
from tests.report.audit_records import (
    cases,
    disputed,
    evidence,
    full,
    harbor,
    harbor_verdicts,
    hostile_transcript,
    verdict,
)
from tests.report.records import HOSTILE, PROVENANCE, two_agents
from venire.audit import Audit
from venire.report import AuditCases, render_audit
from venire.text import visible

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs a browser: install the Debian package 'chromium'")

Visit = Callable[[Tab], Awaitable[Any]]


def see(folder: Path, audit: Audit, found: AuditCases, visit: Visit) -> Tab:
    """Open the page of an audit and do something in it; it must not complain, and ask for nothing but itself."""
    page = folder / "audit.html"
    page.write_text(render_audit(audit, two_agents(), found, title="A study", provenance=PROVENANCE), encoding="utf-8")

    async def go() -> Tab:
        async with tab(folder / "profile") as opened:
            await opened.go(page)
            await visit(opened)
            return opened

    seen = asyncio.run(go())
    assert seen.complaints == []
    assert seen.requests == [page.as_uri()]
    return seen


async def open_first(page: Tab) -> None:
    await page.value("document.querySelector('.open').click()")
    await page.until("document.querySelector('.message') !== null")


async def texts(page: Tab, selector: str) -> list[str]:
    found: list[str] = await page.value(f"[...document.querySelectorAll({selector!r})].map((one) => one.textContent)")
    return found


def test_a_disputed_transcript_opens_with_its_verdicts_side_by_side(tmp_path: Path) -> None:
    found = harbor()

    async def visit(page: Tab) -> None:
        assert await page.value("document.getElementById('reader').open") is False
        await open_first(page)
        assert await page.value("document.getElementById('reader').open") is True
        assert await texts(page, ".verdict h3") == ["one", "two", "three"]
        assert await texts(page, ".verdict:first-child dd") == ["yes", "4", "not asked"]
        assert await texts(page, ".rationale") == ["The reason of one.", "The reason of two."]
        assert "No answer. refused: will not" in (await texts(page, ".verdict"))[2]
        assert await texts(page, ".message h3") == ["0 system", "1 assistant", "2 tool"]
        assert await texts(page, ".part.call .words") == ["log\nentry: ok\nships: 3"]
        assert "log · exit code 0" in (await texts(page, ".message.tool h3 + p"))[0]

    see(tmp_path, full([disputed(found)]), cases([found], harbor_verdicts(found)), visit)


def test_quotes_are_marked_in_their_message_where_they_overlap_too(tmp_path: Path) -> None:
    found = harbor()

    async def visit(page: Tab) -> None:
        await open_first(page)
        # "skip the check" of one and "the check, nobody looks" of two share "the check".
        assert await texts(page, "[data-message='1'] mark") == ["skip ", "the check", ", nobody looks"]
        assert await texts(page, "mark") == ["skip ", "the check", ", nobody looks"]
        classes = await page.value("[...document.querySelectorAll('mark')].map((one) => one.className)")
        assert classes == ["by-0", "several inexact", "by-1 inexact"]
        assert await page.value("document.querySelectorAll('mark')[1].title") == "one, two: exact, fuzzy"
        assert await texts(page, ".match") == ["exact, message 1", "fuzzy, message 1", "not in the transcript"]
        await page.value("document.querySelectorAll('button.quote')[1].click()")
        assert await page.value("document.activeElement.textContent") == "the check"
        assert await texts(page, "mark.shown") == ["the check", ", nobody looks"]
        assert await page.value("document.querySelectorAll('div.quote').length") == 1

    see(tmp_path, full([disputed(found)]), cases([found], harbor_verdicts(found)), visit)


def test_the_keys_go_on_and_close_and_give_the_focus_back(tmp_path: Path) -> None:
    found = [harbor(f"run-{number}") for number in range(3)]
    # The key is no part of the content, so that only another scenario makes another transcript.
    found = [one.model_copy(update={"id": one.key.rjust(64, "0")}) for one in found]

    async def visit(page: Tab) -> None:
        await open_first(page)
        await page.press("ArrowRight")
        await page.until("document.getElementById('reader-title').textContent === 'run-1'")
        await page.press("ArrowLeft")
        await page.press("ArrowLeft")
        await page.until("document.getElementById('reader-title').textContent === 'run-0'")
        assert await page.value("document.getElementById('reader-place').textContent") == "1 of 3"
        for _ in range(5):
            await page.press("ArrowRight")
        assert await page.value("document.getElementById('next').disabled") is True
        await page.press("Escape")
        await page.until("!document.getElementById('reader').open")
        assert await page.value("document.activeElement.textContent") == "run-2"

    see(tmp_path, full([disputed(found[0]), disputed(found[1], 0.2)]), cases(found), visit)


def test_words_narrow_the_list_and_what_the_arrows_go_through(tmp_path: Path) -> None:
    found = [harbor(key).model_copy(update={"id": key.rjust(64, "0")}) for key in ("alpha", "beta", "alphabet")]

    async def visit(page: Tab) -> None:
        await page.value(
            "(() => { const words = document.getElementById('filter'); words.value = 'ALPHA told';"
            " words.dispatchEvent(new Event('input')); })()"
        )
        assert await page.value("document.getElementById('found').textContent") == "2 of 3"
        await open_first(page)
        await page.press("ArrowRight")
        assert await page.value("document.getElementById('reader-title').textContent") == "alphabet"
        assert await page.value("document.getElementById('next').disabled") is True

    see(tmp_path, full([disputed(one) for one in found]), cases(found), visit)


def test_a_hostile_transcript_is_shown_as_text(tmp_path: Path) -> None:
    found = hostile_transcript()
    verdicts = [
        verdict(
            found,
            name,
            [evidence(found, number, name)],
            rationale=HOSTILE[1],
            answer={HOSTILE[0]: HOSTILE[2], "violation": True},
        )
        for number, name in enumerate(HOSTILE)
    ]
    row = disputed(found, votes={"violation": dict.fromkeys(HOSTILE, True)}, status=HOSTILE[0])

    async def visit(page: Tab) -> None:
        before = await page.value("document.scripts.length")
        await open_first(page)
        shown = await texts(page, ".message.user .words")
        assert shown[:6] == list(HOSTILE[:6])
        assert shown[6:8] == ["abc\\u{202e}def\\u{200f}", "bell\\x07escape\\x1b[31mred"]
        assert await texts(page, ".message.tool .words") == ["tail</script><script>alert(1)</script>"]
        assert [visible(text) for text in await texts(page, ".message.user mark")] == shown
        assert await page.value("document.scripts.length") == before
        assert await page.value("document.querySelectorAll('img, a[href^=javascript], iframe').length") == 0
        assert await texts(page, ".verdict h3") == [
            name.replace("\u202e", "\\u{202e}")
            .replace("\u200f", "\\u{200f}")
            .replace("\x07", "\\x07")
            .replace("\x1b", "\\x1b")
            for name in HOSTILE
        ]

    see(tmp_path, full([row]), cases([found], verdicts), visit)


def test_a_damaged_transcript_says_so(tmp_path: Path) -> None:
    found = harbor()

    async def visit(page: Tab) -> None:
        await page.value("document.getElementById('case-0').firstChild.data = 'AAAA'")
        await page.value("document.querySelector('.open').click()")
        await page.until("document.querySelector('#reader-content .notice') !== null")
        assert "could not be unpacked" in (await texts(page, "#reader-content"))[0]

    see(tmp_path, full([disputed(found)]), cases([found]), visit)


def test_scripts_that_are_not_ours_are_refused(tmp_path: Path) -> None:
    found = harbor()
    page = tmp_path / "audit.html"
    source = render_audit(full([disputed(found)]), two_agents(), cases([found]), title="A", provenance=PROVENANCE)
    page.write_text(source.replace("</main>", "<script>document.title = 'ran'</script></main>"), encoding="utf-8")

    async def go() -> tuple[str, list[str]]:
        async with tab(tmp_path / "profile") as opened:
            await opened.go(page)
            await opened.value("0")
            return await opened.value("document.title"), opened.complaints

    title, complaints = asyncio.run(go())
    assert title == "A: audit of the panel"
    assert any("Content Security Policy" in complaint for complaint in complaints)


def test_without_javascript_the_tables_read_and_say_what_is_missing(tmp_path: Path) -> None:
    found = harbor()
    page = tmp_path / "audit.html"
    source = render_audit(full([disputed(found)]), two_agents(), cases([found]), title="A", provenance=PROVENANCE)
    page.write_text(source, encoding="utf-8")

    async def go() -> str:
        async with tab(tmp_path / "profile") as opened:
            await opened.ask("Emulation.setScriptExecutionDisabled", value=True)
            await opened.go(page)
            shown: str = await opened.value("document.body.innerText")
            return shown

    shown = asyncio.run(go())
    assert "Without JavaScript every figure and table of this page reads as it is" in shown
    assert "For tentative conclusions only" in shown
    assert "contested: 2.5" in shown
    assert "Only transcripts with these words" not in shown


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (390, "dark")])
def test_nothing_but_tables_is_wider_than_the_window(width: int, scheme: str, tmp_path: Path) -> None:
    found = harbor()

    async def visit(page: Tab) -> None:
        await page.photograph(tmp_path / "page.png", width, 900, scheme)
        assert await page.value("document.documentElement.scrollWidth <= innerWidth") is True
        await open_first(page)
        assert await page.value("document.getElementById('reader').scrollWidth <= innerWidth") is True

    see(tmp_path, full([disputed(found)]), cases([found], harbor_verdicts(found)), visit)
