"""The rule of links, and every output read back: in each, the same links lead to the same places."""

import html.parser
import io
import os
import re
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pptx import Presentation

from graphstep.look.links import live
from graphstep.outputs import DECKS, deck_content, save_deck
from graphstep.slides.deck import Deck, Heading, Items, Meta, Paragraph, Quote, Run, Slide, Table

LIVE = {
    "https://example.org": "https://example.org",
    "http://example.org/a%20b?c=d&e=f#g": "http://example.org/a%20b?c=d&e=f#g",
    "HTTPS://Example.org/~x_y/": "HTTPS://Example.org/~x_y/",
    "https://example.org/a b\"'<>{}\\^`|": "https://example.org/a%20b%22'%3C%3E%7B%7D%5C%5E%60%7C",
    "https://пример.рф/ы": "https://%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.%D1%80%D1%84/%D1%8B",
    "https://[::1]:8080/x": "https://[::1]:8080/x",
    "mailto:a@example.org?subject=50%": "mailto:a@example.org?subject=50%",
}
DEAD = [
    "", " ", "#", "#/2", "notes.pdf", "./notes.pdf", "../notes.pdf", "/etc/passwd", "a/b.html", "?a=b",
    "file:///etc/passwd", "file://host/share/a.exe", "FILE:a", r"\\host\share\a.exe", "//host/share",
    r"C:\a.exe", "C:/a.exe", "smb://host/share", "ms-word:ofe|u|https://a.b/c.docx", "search-ms:query=a",
    "ms-msdt:/id x", "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)",
    "java\tscript:alert(1)", "java\x01script:alert(1)", "vbscript:x", "data:text/html,<script>1</script>",
    "ftp://a.b/c", "run:a.exe", "tel:1", "jar:https://a.b!/c", "view-source:https://a.b", "blob:https://a.b/c",
    "http:", "https:", "http:a.b", "http:/a.b", r"http:\\a.b", "https:///a.b", "http://", "https://:80/",
    "http://[::1", "https://a.b/\nc", "https://a.b/\x00", "https://a.b/\ud800", "mailto:", "x" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize(("link", "address"), LIVE.items())
def test_pages_and_mailboxes_are_live(link, address):
    assert live(link) == live(f" {link} ") == address
    assert Run("x", link=link).address == address


@pytest.mark.parametrize("link", DEAD)
def test_all_else_is_text(link):
    assert live(link) == Run("x", link=link).address == ""


@given(st.text() | st.builds("{}:{}".format, st.sampled_from(["http", "mailto", "x"]), st.text()))
def test_what_is_live_is_harmless_in_every_language(link):
    found = live(link)
    assert re.fullmatch(r"|(?i:https?://[!-~]+|mailto:[!-~]+)", found)
    assert not set(found) & set('"<>\\^`{}| ')
    assert live(found) == found


# --- read back

LINKS = [*LIVE, *(link for link in DEAD if len(link) < 1000 and link.isprintable())]
DECK = Deck(
    Meta("Links"),
    tuple(
        Slide(
            (Run("T", link=link),),
            (
                Paragraph((Run("a", bold=True, link=link), Run("b", code=True, link=link))),
                Items(((Paragraph((Run("c", link=link),)),),)),
                Heading((Run("d", struck=True, link=link),), 3),
                Quote((Paragraph((Run("e", link=link),)),)),
                Table((((Run("f", link=link),),), ((Run("g", link=link),),)), ("left",)),
            ),
        )
        for link in LINKS
    ),
)
EACH = 8  # links on a slide


class _Addresses(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [v for name, v in attrs if name in ("href", "xlink:href", "ping", "action")]


def in_page(data, _):
    parser = _Addresses()
    parser.feed(data)
    return [found for found in parser.found if not found.startswith("#")]


def in_pdf(data, tmp_path):
    if shutil.which("pdfinfo") is None:
        if os.environ.get("CI"):
            pytest.fail("poppler is missing: tools/system-packages installs it")
        pytest.skip("no poppler")
    assert not re.search(rb"/(Launch|JavaScript|GoToR|ImportData|SubmitForm|EmbeddedFile)\b", data)
    path = tmp_path / "read.pdf"
    path.write_bytes(data)
    told = subprocess.run(["pdfinfo", "-url", path], capture_output=True, text=True, check=True)
    return [line.split(maxsplit=2)[2] for line in told.stdout.splitlines()[1:]]


def in_powerpoint(data, _):
    found = []
    for slide in Presentation(io.BytesIO(data)).slides:
        known = {name: rel.target_ref for name, rel in slide.part.rels.items() if rel.is_external}
        used = re.findall(r'hlink\w+ r:id="(\w+)"', slide.element.xml)
        assert {*used} == {*known}
        found += [known[name] for name in used]
    return found


def in_tex(data, tmp_path):
    if shutil.which("pdflatex") is None:
        return re.findall(r"\\href\{(.*?)\}", data.replace(r"\%", "%").replace(r"\#", "#"))
    (tmp_path / "it.tex").write_text(data, encoding="utf-8")
    subprocess.run(
        ["pdflatex", "-interaction=batchmode", "it.tex"], cwd=tmp_path, check=True, capture_output=True
    )  # fmt: skip
    return in_pdf((tmp_path / "it.pdf").read_bytes(), tmp_path)


READERS = {
    ".html": in_page, ".deck.html": in_page, ".pdf": in_pdf, ".pptx": in_powerpoint,
    ".picture.pptx": in_powerpoint, ".tex": in_tex, "handout": in_pdf,
}  # fmt: skip


def test_every_output_has_a_reader():
    assert READERS.keys() - {"handout"} >= DECKS.keys()


@pytest.mark.parametrize("ending", READERS)
def test_every_output_has_the_same_links(ending, tmp_path):
    paper = ending == "handout"
    made = deck_content("a.pdf" if paper else f"a{ending}", paper)(DECK)
    found = READERS[ending](made, tmp_path)
    assert set(found) == {*LIVE.values()}
    assert all(found.count(address) >= EACH for address in LIVE.values())


def test_a_deck_is_saved_with_them(tmp_path):
    assert in_page(save_deck(DECK, tmp_path / "a.html").read_text(encoding="utf-8"), tmp_path)
