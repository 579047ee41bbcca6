"""Theme files: what they say in every format, what is refused, and where."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from deck_parts import FIGURE

import graphstep as gs
from graphstep.documents import beamer, pdf
from graphstep.markdown import Document, read
from graphstep.markdown.source_places import Files
from graphstep.markdown.themes import read_css
from graphstep.player import reveal_deck
from graphstep.player.assets import fingerprint
from graphstep.powerpoint import pages
from graphstep.slides.design import Design, Fonts

OWN = """
base = "dark" # of what is not named
css = "own.css"
[colors]
page = "#102030"
text = "#FED"
accent = "#ffcc00"
gradient = "#ff88aa"
[fonts]
text = "DejaVu Serif"
code = "PT Mono"
"""
CSS = ".gs-page h2 { color: var(--accent) } /* > & */\n"


@pytest.fixture
def own(tmp_path):
    """A folder with a theme."""
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    (tmp_path / "own.css").write_text(CSS, encoding="utf-8")
    return tmp_path


def deck(folder, text=f"## Steps\n\n{FIGURE}\n", theme="own.toml", **options):
    return read(f"---\ntheme: {theme}\n---\n\n{text}", "talk.md", folder, **options)


def test_a_theme_file_says_what_differs_from_a_theme(own):
    meta = deck(own).meta
    assert meta.theme == "dark"
    assert meta.look == Design(
        "dark", "#102030", (("ink", "#ffeedd"), ("accent", "#ffcc00"), ("gradient", "#ff88aa")),
        Fonts("DejaVu Serif", "", "PT Mono"), CSS, "own.toml",
    )  # fmt: skip
    (own / "empty.toml").write_text("")
    assert deck(own, theme="empty.toml").meta.look == Design(file="empty.toml")
    assert deck(own, confined=True).meta.look == meta.look


def test_a_theme_of_the_command_line_replaces_the_file(own):
    text = (own / "talk.md").write_text("---\ntheme: own.toml\n---\n\n# A\n") and None
    assert text is None
    document = Document((own / "talk.md").read_text(), folder=own)
    assert document.with_meta(theme="light").deck().meta.look == Design("light")


def test_a_page_has_the_colours_and_fonts_and_the_style_sheet(own):
    page = reveal_deck.deck(deck(own))
    root = re.search(r":root\{(.*?)\}", page)[1]
    for each in ("--page:#102030", "--ink:#ffeedd", "--accent:#ffcc00", "--scheme:dark"):
        assert each in root.split(";")
    assert '--font-text:"DejaVu Serif","DejaVu Sans",Verdana' in root
    assert f"<style>{CSS}</style>" in page
    assert fingerprint(CSS) in re.search(r"style-src [^;]*", page)[0]
    assert "--f-gradient:#ff88aa" in page
    assert "--f-ink:#ffeedd" in page


def test_pdf_has_the_colours_and_fonts(own):
    source, files = pdf._slides(deck(own))
    assert 'paper: rgb("#102030")' in source
    assert 'ink: rgb("#ffeedd")' in source
    assert '("DejaVu Serif", "DejaVu Sans", )' in source
    drawn = b"".join(content for name, content in files.items() if name.endswith(".svg"))
    assert b"#ffeedd" in drawn
    assert b"#ff88aa" in drawn
    assert pdf.deck(deck(own)).startswith(b"%PDF")
    assert pdf.handout(deck(own)).startswith(b"%PDF")


def test_presentations_have_them_in_their_theme(own):
    with ZipFile(BytesIO(pages.deck(deck(own)))) as made:
        theme = made.read("ppt/theme/theme1.xml").decode()
    for name, colour in (
        ("dk1", "102030"),
        ("lt1", "FFEEDD"),
        ("accent3", "FFCC00"),
        ("accent2", "FF88AA"),
    ):
        assert f'<a:{name}><a:srgbClr val="{colour}"/>' in theme
    assert re.findall(r'<a:m..orFont>\s*<a:latin typeface="([^"]*)"', theme) == ["DejaVu Serif"] * 2


def test_beamer_has_them(own):
    made = beamer.deck(deck(own))
    assert r"\definecolor{gspage}{HTML}{102030}" in made
    assert r"\definecolor{gsink}{HTML}{FFEEDD}" in made
    assert r"\definecolor{gsgradient}{HTML}{FF88AA}" in made
    assert r"\gsfont{DejaVu Serif}{\setsansfont{DejaVu Serif}}" in made


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("colors = 1", "theme_table", 1),
        ("[colors]\ntext = '#123'\npaper = '#fff'", "unknown_option", 3),
        ("[fonts]\ntext = 'A'\n[colors]\ntext = 'red'", "theme_colour", 4),
        ("[colors]\ntext = '#12345'", "theme_colour", 2),
        ("[colors]\ntext = '#123456;}'", "theme_colour", 2),
        ("[colors]\ntext = 7", "theme_text", 2),
        ("[ 'colors' ]\n\"text\" = 7", "theme_text", 2),
        ("[fonts]\ntext = 'A\";x'", "theme_font", 2),
        ("[fonts]\ntext = ''", "theme_font", 2),
        ("[fonts]\ntext = 'A\\B'", "theme_font", 2),
        ("[fonts]\nbody = 'A'", "unknown_option", 2),
        ("base = 'grey'", "not_one_of", 1),
        ("\ncolours = {}", "unknown_option", 2),
        ("a = 1\na = 2", "theme_toml", 2),
        ("\n\n= 1", "theme_toml", 3),
        ("a = " + "[" * 5000, "theme_toml", 1),
        ("css = 'none.css'", "cannot_read", 1),
        ("css = '../own.css'", "outside_folder", 1),
        ("css = 1", "theme_text", 1),
    ],
)
def test_what_is_no_theme_is_refused_with_its_place(text, key, line, own):
    inner = own / "deck"
    inner.mkdir()
    (inner / "bad.toml").write_text(text)
    with pytest.raises(gs.GraphstepError) as error:
        deck(inner, theme="bad.toml", confined=True)
    assert error.value.key == key
    said = str(error.value)
    if "css" not in text or key == "theme_text":
        assert said.startswith(f"bad.toml, line {line}, column ")


def test_a_theme_that_is_not_there_is_told_in_the_deck(own):
    for theme, key in (
        ("none.toml", "cannot_read"),
        ("../own.toml", "outside_folder"),
        ("blue", "not_one_of"),
    ):
        with pytest.raises(gs.GraphstepError) as error:
            deck(own, theme=theme, confined=True)
        assert error.value.key == key
        assert str(error.value).startswith("talk.md, line 2, column 8: ")


LOADING = [
    "a { background: url(x.png) }", "a { background: URL( 'x' ) }", "@import 'x.css';", "@IMPORT url(x)",
    "a { background: u\\72l(x) }", "a { background: \\75 rl(x) }", "a{b:\\000075rl(x)}", "\\@import 'x'", "@\\69mport 'x'",
    "a { background: image-set('x' 1x) }", "a { background: -webkit-image-set('x' 1x) }", "a { background: image('x') }",
    "@font-face { font-family: x; src: url(x) }", "a{b:src('x')}", "</style><script>alert(1)</script>", "</STYLE", "<!-- x",
    "a { content: '\\3c/style>' }", "@namespace x 'y';", "a { width: expression(alert(1)) }", "a { behavior: x }",
]  # fmt: skip


@pytest.mark.parametrize("css", LOADING)
def test_css_that_loads_something_is_refused(css, tmp_path):
    (tmp_path / "own.toml").write_text('css = "own.css"')
    (tmp_path / "own.css").write_text(f"b {{}}\n{css}\n")
    with pytest.raises(gs.GraphstepError) as error:
        deck(tmp_path)
    assert error.value.key == "css_outside"
    assert str(error.value).startswith("own.css, line 2, column ")


@pytest.mark.parametrize(
    "css",
    [
        "@media (400px <= width) { a > b { color: #123 } }",
        "a::before { content: '\\2022 ' }",
        ".url, .important { color: red !important }",
        "a { transition: color .2s }",
    ],
)
def test_other_css_is_kept_as_it_is(css, tmp_path):
    (tmp_path / "own.css").write_text(css)
    assert read_css("own.css", Files(tmp_path)) == css
