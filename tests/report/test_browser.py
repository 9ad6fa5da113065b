"""The page in a real browser: it renders in both color schemes, complains of nothing and asks for nothing."""

import re
import socketserver
import struct
import subprocess
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.report.audit_browser import CHROMIUM, FLAGS
from tests.report.records import PROVENANCE, hostile, two_agents
from venire.agreement import Agreement
from venire.report import render_html

LOGGING = ("--enable-logging=stderr", "--window-size=1000,1400")
# Chromium's numbers for prefers-color-scheme.
SCHEMES = {"dark": "0", "light": "1"}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs a browser: install the Debian package 'chromium'")


def browse(page: Path, *flags: str) -> tuple[str, list[str]]:
    """What the browser printed, and what it logged to the page's console."""
    profile = page.parent / "profile"
    command = [str(CHROMIUM), *FLAGS, *LOGGING, f"--user-data-dir={profile}", *flags, page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def write(folder: Path, measured: Agreement, title: str = "A study") -> Path:
    page = folder / "index.html"
    page.write_text(render_html(measured, title=title, provenance=PROVENANCE), encoding="utf-8")
    return page


def first_pixel(png: Path) -> tuple[int, ...]:
    """Red, green and blue of the upper left corner, where the page's background is."""
    content = png.read_bytes()
    data, position = b"", 8
    while position < len(content):
        length, kind = struct.unpack(">I4s", content[position : position + 8])
        if kind == b"IDAT":
            data += content[position + 8 : position + 8 + length]
        position += length + 12
    # The first byte of a row is its filter; every filter leaves the first pixel of the first row as it is.
    return tuple(zlib.decompress(data)[1:4])


@contextmanager
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """An address on this machine, and whatever is sent to it."""
    heard: list[bytes] = []

    class Ear(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            heard.append(self.request.recv(200))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Ear) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", heard
        server.shutdown()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_page_renders_in_either_scheme_without_complaint(scheme: str, tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    flag = f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}"
    _, console = browse(write(tmp_path, two_agents()), flag, f"--screenshot={picture}")
    assert console == []
    assert (sum(first_pixel(picture)) > 3 * 128) == (scheme == "light")


def test_the_browser_finds_the_charts_and_tables(tmp_path: Path) -> None:
    dom, console = browse(write(tmp_path, two_agents()), "--dump-dom")
    assert console == []
    assert len(re.findall(r'<svg[^>]*role="img"', dom)) == 4
    assert dom.count("<caption>") == dom.count("</table>")
    assert "Of 40 transcripts, 12 (30.0" in dom


def test_hostile_names_run_nothing_and_fetch_nothing(tmp_path: Path) -> None:
    with listener() as (address, heard):
        title = f"</title><img src={address}/a><script>fetch('{address}/b');console.error('ran')</script>"
        dom, console = browse(write(tmp_path, hostile(), title), "--dump-dom")
    assert heard == []
    assert console == []
    assert "<script" not in dom
    assert "<img" not in dom


def test_a_page_that_asks_or_complains_would_be_noticed(tmp_path: Path) -> None:
    with listener() as (address, heard):
        page = tmp_path / "index.html"
        page.write_text(f"<img src={address}/a><script>console.error('ran')</script>", encoding="utf-8")
        _, console = browse(page, "--dump-dom")
    assert heard[0].startswith(b"GET /a ")
    assert any("ran" in line for line in console)
