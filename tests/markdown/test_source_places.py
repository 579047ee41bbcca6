"""Source texts as they are read, whatever their line ends and characters."""

from deck_parts import FIGURE

from graphstep.markdown import read
from graphstep.slides.deck import plain


def test_line_ends_marks_and_strange_characters_do_no_harm():
    plainly = read(f"---\ntitle: a\n---\n# A\n\n{FIGURE}")
    windows = read(f"\ufeff---\r\ntitle: a\r\n---\r\n# A\r\n\r\n{FIGURE}".replace("\n", "\r\n"))
    assert windows.meta == plainly.meta
    assert [plain(s.title) for s in windows.slides] == ["A"]
    assert windows.slides[0].figure.stepper.graph.source == "f = x * x"
    assert plain(read("# a\0b\x1b\ud800c").slides[0].title) == "a\ufffdb\ufffd\ufffdc"
