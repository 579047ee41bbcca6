"""Slides in LaTeX: read without TeX as Beamer reads overlays, and compiled where there is one."""

import os
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import harmless
import pictures
import pytest
from deck_parts import signed
from hypothesis import given
from hypothesis import strategies as st
from presentations import DOT

import graphstep as gs
from examples import NEURON, NEURON_INPUTS
from graphstep.documents.beamer import deck, files_beside, sizes, whole
from graphstep.documents.latex_text import BOXES, address, code, comment, escaped, figure_text
from graphstep.formulas.tree import Frac, Marked, Name, Number, Row, Sign, Words
from graphstep.look.links import live
from graphstep.look.looks import NAME, SIGN, TEXT
from graphstep.outputs import save_deck
from graphstep.slides.arrangement import deck_of
from graphstep.slides.deck import (
    Code,
    Columns,
    Deck,
    Display,
    FigureBlock,
    Formula,
    Heading,
    Items,
    Meta,
    Paragraph,
    Picture,
    Quote,
    Run,
    Slide,
    Styled,
    Table,
)

HOSTILE = (
    r"""\input{x} 100% #1 {a} ^^41 ~ \end{document} $x$ & _ "q" 'r' `s` <<t>> -- [u] \\ | @ α"""
)
RUSSIAN = "ошибка = 1/(1 + exp(-(вес*x0 + alpha*β + w2)))"
FIGURES = {
    "tiny": lambda: gs.stepper("f = x * y", x=2, y=3),
    "one": lambda: gs.stepper("f = x", x=1),
    "neuron": lambda: gs.stepper(NEURON, inputs=NEURON_INPUTS),
    "warnings, all forward": lambda: gs.stepper("f = log(x)*x_1", x=0, x_1=2, forward=True),
    "russian, by wire": lambda: gs.stepper(
        RUSSIAN, inputs={"вес": 2, "x0": -1, "alpha": -3, "β": -2, "w2": -3}, by="wire", lang="ru"
    ),
    "matrices": lambda: gs.stepper(
        "q = W @ x; f = l2(q)", W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4]
    ),
    "net": pictures.network,
}


@pytest.fixture(params=FIGURES, scope="module")
def stepper(request):
    return FIGURES[request.param]()


@pytest.fixture(scope="session")
def pdflatex(tmp_path_factory):
    """Compile a document and return its PDF's path; every warning of a box that is too full told."""
    if shutil.which("pdflatex") is None or shutil.which("pdftotext") is None:
        if os.environ.get("CI"):
            pytest.fail("pdflatex or pdftotext is missing: tools/system-packages installs them")
        pytest.skip("no pdflatex or pdftotext")

    def compiled(source, files=(), engine="pdflatex"):
        folder = tmp_path_factory.mktemp("tex")
        (folder / "a.tex").write_text(source, encoding="utf-8")
        for name, content in dict(files).items():
            (folder / name).write_bytes(content)
        done = subprocess.run(
            [engine, "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
            cwd=folder, capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:]
        log = (folder / "a.log").read_text(encoding="utf-8", errors="replace")
        assert "Missing character" not in log
        assert not re.search(r"Overfull \\hbox \(([2-9]|\d\d+)\.", log)
        assert not re.search(r"Overfull \\vbox \((1[5-9]|[2-9]\d|\d{3,})\.", log)
        return folder / "a.pdf"

    return compiled


def pages(pdf):
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    return text.stdout.decode().split("\f")[:-1]


# --- a reader of TeX that knows braces, comments and overlays


def bare(source):
    """The source without its comments."""
    return re.sub(r"(?<!\\)((?:\\\\)*)%.*", r"\1", source)


def balanced(source):
    """Braces, environments and dollars that open are closed, in order."""
    open_ = []
    for token in re.finditer(r"\\(begin|end)\{(\w+)\}|\\.|[{}$]", bare(source), re.DOTALL):
        found, what, name = token.group(), token[1], token[2]
        if found == "{" or what == "begin" or (found == "$" and open_[-1:] != ["$"]):
            open_.append(name or found)
        elif found in "}$" or what == "end":
            assert open_.pop() == (name or {"}": "{"}.get(found, found)), source[: token.start()][
                -200:
            ]
    assert not open_


def body(source):
    return source[source.index(r"\begin{document}") :]


def group(source, at):
    """What stands between the brace at a place and its partner, and where that ends."""
    depth, k = 0, at
    while True:
        depth += {"{": 1, "}": -1}.get(source[k], 0)
        k += 2 if source[k] == "\\" else 1
        if not depth:
            return source[at + 1 : k - 1], k


def shows(spec, overlay):
    """Whether an overlay is one of `2,4-6,8-`."""
    for part in spec.split(","):
        first, dash, last = part.partition("-")
        if int(first) <= overlay <= (int(last or 10**6) if dash else int(first)):
            return True
    return False


def on(source, overlay):
    """What is left of the source on one overlay."""
    out, at = [], 0
    for found in re.finditer(r"\\(only|gsnew|gsstep)<([\d,-]+)>(?=\{)", source):
        if found.start() < at:
            continue
        out.append(source[at : found.start()])
        inside, at = group(source, found.end())
        if found[1] == "gsnew" or shows(found[2], overlay):
            out.append(on(inside, overlay))
    return "".join([*out, source[at:]])


def printed(tex):
    """A text of a node as it is seen."""
    tex = re.sub(r"\\textcolor\{gsink\}\{[^}]*\}", "", tex)
    tex = re.sub(r"\\gsraised\{[^}]*\}\{[^}]*\}\{([^}]*)\}", r"\1", tex)
    return tex.replace("--", "−").replace("\\ ", " ").strip("[] ")


def nodes(source, overlay, style):
    found = re.findall(
        rf"\\node\[{style}(?:, [^]]*)?\] at \([-\d.,]+\) \{{(.*)\}};", on(source, overlay)
    )
    return sorted(filter(None, map(printed, found)))


def test_the_document_is_balanced(stepper):
    source = whole(stepper)
    balanced(body(source))
    preamble = re.sub(r"\\\\|\\[{}]", "", bare(source))
    assert preamble.count("{") == preamble.count("}")
    assert source.count(r"\begin{frame}") == 1


def test_overlays_are_those_of_the_steps(stepper):
    source = bare(body(whole(stepper)))
    numbers = [
        int(n) for spec in re.findall(r"<([\d,-]+)>", source) for n in re.findall(r"\d+", spec)
    ]
    assert max(numbers) == len(stepper)
    assert min(numbers) >= 1
    assert set(re.findall(r"\\gsstep<(\d+)>", source)) == {str(k + 1) for k in range(len(stepper))}
    assert re.findall(r"\\note<(\d+)>", source) == [str(k + 1) for k in range(len(stepper))]


@pytest.mark.parametrize("name", ["tiny", "neuron", "russian, by wire", "warnings, all forward"])
def test_each_overlay_has_the_numbers_of_its_step(name):
    s = FIGURES[name]()
    source = bare(body(whole(s)))
    styles = {"value": ("value",), "gradient": ("upstream", "downstream"), "local": ("local",)}
    for frame in s:
        for style, kinds in styles.items():
            slots = [place.slot for place in s.drawing.places if place.slot.kind in kinds]
            expected = [frame.texts[slot] for slot in slots if slot in frame.texts]
            assert nodes(source, frame.index + 1, style) == sorted(expected), (frame.index, style)


def test_names_and_signs_have_the_sizes_of_the_figure():
    source = body(whole(FIGURES["neuron"]()))
    sizes = {text: size for size, text in
             re.findall(r"\\node\[ink(?:, size=([\d.]+))?\] at \S+ \{(.*)\};", source)}  # fmt: skip
    assert sizes[r"w\textsubscript{0}"] == f"{NAME:g}"
    assert sizes[r"$\times$"] == sizes["+"] == f"{SIGN:g}"
    assert sizes["exp"] == ""  # the usual one


def test_what_stands_out_does_so_in_one_step():
    source = body(whole(FIGURES["neuron"]()))
    assert r"\gsnew<3>{--0.53}" in source
    assert r"\path[gate, on=<2-3>, " in source  # 1/x: the seed, then its own step
    for line in source.splitlines():  # every number is written once
        assert line.count(r"\node") <= 1
    assert source.count("exp}") == 1


def test_a_part_of_the_frames():
    s = FIGURES["neuron"]()
    source = deck(Deck(Meta(), (Slide((Run("Two"),), (FigureBlock(s, (3, 5)),)),)))
    assert nodes(bare(source), 2, "gradient") == nodes(bare(whole(s)), 6, "gradient")
    assert r"\note<2>" in source
    assert r"\note<3>" not in source


def test_numbers_have_their_size_without_saying_so():
    source = whole(FIGURES["neuron"]())
    assert f" size={TEXT:g}, " in source  # of every text, unless it says another
    assert rf"\node[value, size={TEXT:g}]" not in source
    assert r"\node[value] at" in source


def test_same_bytes():
    assert whole(FIGURES["net"]()) == whole(FIGURES["net"]())


def test_colours_are_defined(stepper):
    source = whole(stepper)
    defined = set(re.findall(r"\\definecolor\{(gs\w+)\}", source))
    used = set(re.findall(r"(?:fill|draw|text|color|textcolor)[={]\{?(gs\w+)", source))
    assert used <= defined
    dark = whole(gs.stepper("f = x", x=1, style=gs.Style(theme="dark")))
    assert r"\definecolor{gsink}{HTML}{E6EDF3}" in dark
    green = whole(gs.stepper("f = x", x=1, style=gs.Style(palette="cs231n")))
    assert r"\definecolor{gsvalue}{HTML}{0B7A0B}" in green
    night = whole(gs.stepper("f = x", x=1, style=gs.Style(palette="cs231n", theme="dark")))
    assert re.findall(r"\\definecolor\{gsink\}\{HTML\}\{(\w+)\}", night) == ["E6EDF3"] * 2


# --- text


@given(st.text())
def test_any_text_is_harmless(text):
    for shown in (escaped(text), code(text), figure_text(text)):
        balanced(shown)
        bare = shown
        for box in BOXES.values():
            bare = bare.replace(box, "")
        rest = re.sub(r"\$[^$]+\$", "", bare.replace(r"\$", ""))
        rest = re.sub(
            r"\\(text\w+(\{\})?|[#%&_{}, -]|dots\{\}|gschar(?=\{[^{}]\}\{U\+\w+\}))", "", rest
        )
        assert not set(rest) & set('\\$%#&_^"`<>|'), (text, shown, rest)
    assert "\n" not in comment(text)
    assert comment(text).isprintable()


def test_addresses():
    """Of live addresses, in which everything else is percent-encoded already."""
    assert address(live("https://a.org/b c?d=%20&e#f")) == r"https://a.org/b\%20c?d=\%20&e\#f"
    assert address(live(r"https://a.org/{\x}")) == r"https://a.org/\%7B\%5Cx\%7D"


def image(form="PNG"):
    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(file, form)
    return file.getvalue()


def text(*words):
    return Paragraph(tuple(Run(w) if isinstance(w, str) else w for w in words))


SIGMOID = Formula(Frac(Number("1"), Row((Number("1"), Sign("+"), Name("x")))), "1/(1+x)")
DEEP = Items(((text("first"), Items(((text("second"), Items(((text("third"), Items(((text("fourth"), Items(((text("fifth"),),), 3)),))),))),), 4)),))  # fmt: skip
ALL = Deck(
    Meta("Title α " + HOSTILE, "Author", "2026", "en", "dark", "4:3"),
    (
        Slide((Run("A part"),)),
        Slide((Run(HOSTILE), SIGMOID), (text(HOSTILE), Code("def f(x):\n    return x  # [y]\n\n* 'z' --\n"))),
        Slide(
            (),
            (
                Heading((Run("Heading"),), 2),
                text(Run("bold", bold=True), Run("both", bold=True, italic=True), Run("\n"), Run("a_b", code=True),
                     Run("struck words", struck=True), Run("link", link="https://a.org/%20#x"), Run("evil", link="run:x"), SIGMOID),
                DEEP,
                Items(((text("[x] in brackets"),), (Quote((text("quoted"), Quote((text("inside"),)))),)), 7),
                Display(Formula(Row((Marked(Name("x"), "local", "локальный & 5%"), Words("漢 Ж"))), "x")),
            ),
            "For the speaker: 50%",
        ),
        Slide((Run("Table"),), (Table((((Run("h[1]"),), (SIGMOID,)), ((Run("[2]"),), (Run("3 & 4"),))), ("left", "right")),
                                Picture(image(), ".png", "alt"), text("small", Picture(image("GIF"), ".gif", "icon")),
                                Picture(gs.stepper("f = x", x=1)[-1].picture().encode(), ".svg", "figure"))),
        Slide((Run("Figure"),), (text("above"), FigureBlock(FIGURES["tiny"](), (0, 1, 2)), text("below"))),
        Slide((Run("Nothing"),), (text(), Items(()), Code(""), Quote(()), Table((), ()))),
        Slide((), (Items(((text("word " * 60),),) * 12),)),
    ),
)  # fmt: skip


def test_a_deck_of_everything():
    source = deck(ALL)
    balanced(body(source))
    assert source.count(r"\begin{frame}") == 1 + len(ALL.slides)
    assert "run:" not in source
    assert "aspectratio=43" in source
    assert r"\input{x}" not in source


def test_images_are_files_beside(tmp_path):
    names = files_beside(ALL)
    assert sorted(Path(name).suffix for name in names) == [".pdf", ".pdf", ".png"]
    assert all(
        content.startswith(b"%PDF") for name, content in names.items() if name.endswith("pdf")
    )
    assert all(name in deck(ALL) for name in names)
    assert save_deck(ALL, tmp_path / "a.tex") == tmp_path / "a.tex"
    assert {path.name for path in tmp_path.iterdir()} == {"a.tex", *names}
    broken = Deck(Meta(), (Slide((), (Picture(b"no image", ".svg"),)),))
    with pytest.raises(gs.GraphstepError):
        save_deck(broken, tmp_path / "b.tex")
    assert not (tmp_path / "b.tex").exists()


def test_aspect_and_theme_are_known_ones():
    with pytest.raises(gs.GraphstepError, match="aspect"):
        deck(Deck(Meta(aspect="1:1"), ()))
    with pytest.raises(gs.GraphstepError, match="theme"):
        deck(Deck(Meta(theme="sepia"), ()))


# --- compiled


def words_of(page):
    return page.replace("–", "−")


@pytest.mark.parametrize("name", FIGURES)
def test_pages_are_steps_with_their_numbers(pdflatex, name):
    s = FIGURES[name]()
    found = pages(pdflatex(whole(s)))
    assert len(found) == len(s)
    for frame, page in zip(s, map(words_of, found), strict=True):
        for slot, shown in frame.texts.items():
            if not s.blocks.get(slot):
                assert shown in page, (frame.index, slot)
        hidden = {t for s_, t in s.texts.items() if s_ not in frame.texts and s_ not in s.blocks}
        for other in hidden - set(frame.texts.values()):
            if len(other) > 3 and other not in frame.caption + frame.legend:
                assert other not in page or frame.equations, (frame.index, other)


def test_a_whole_deck_compiles(pdflatex):
    found = pages(pdflatex(deck(ALL), files_beside(ALL)))
    assert len(found) == 1 + 4 + 3 + 2
    flat = "".join(" ".join(found).split())
    for word in (
        r"\input{x} 100% #1 {a}",
        r"\end{document} $x$ & _",
        "[x] in brackets",
        "3 & 4",
        "fifth",
        "Author",
    ):
        assert word.replace(" ", "") in flat, word


def test_a_russian_deck_compiles(pdflatex):
    figure = FigureBlock(FIGURES["russian, by wire"](), (0, 3))
    made = Deck(Meta("Обратный проход", lang="ru"), (Slide((Run("Нейрон — «σ»"),), (figure,)),))
    found = pages(pdflatex(deck(made)))
    assert len(found) == 3
    assert "Обратный проход" in found[0]
    assert "ошибка" in found[1]


@pytest.mark.parametrize("engine", ["lualatex", "xelatex"])
def test_other_engines(pdflatex, engine):
    if shutil.which(engine) is None or (engine == "lualatex" and not _knows("luaotfload.sty")):
        pytest.skip(f"no {engine} with fontspec: a second engine is not part of CI")
    found = pages(pdflatex(whole(FIGURES["russian, by wire"]()), engine=engine))
    assert "ошибка" in found[0]


def _knows(file):
    return subprocess.run(["kpsewhich", file], capture_output=True, check=False).stdout


def test_a_figure_alone_is_a_deck():
    s = FIGURES["tiny"]()
    assert whole(s) == deck(deck_of(s))


def test_sizes_of_texts_are_about_those_that_latex_sets(pdflatex):
    """In points of a slide, of which a frame has about half."""
    words = [text("measured " + "and some words more " * 12) for _ in range(9)]
    slides = Deck(Meta(), tuple(Slide((), tuple(words[:count])) for count in (1, 5, 9)))
    few, *more = (one.text for one in sizes(slides))
    made = subprocess.run(
        ["pdftotext", "-bbox", pdflatex(deck(slides)), "-"], capture_output=True, check=True
    )
    wide = []
    for page in made.stdout.decode().split("<page ")[1:]:
        found = re.search(r'xMin="(\S+)" .*? xMax="(\S+)" .*?>measured</word>', page)
        wide.append(float(found[2]) - float(found[1]))
    assert few == pytest.approx(23.1, abs=0.1)
    assert more == pytest.approx([few * w / wide[0] for w in wide[1:]], rel=0.15)
    assert more[1] < more[0] <= few


@pytest.mark.parametrize(("numbering", "shown"), [("true", "2/1"), ("page", "2"), ("false", "")])
def test_logo_footer_and_numbers_are_on_every_frame(numbering, shown, pdflatex):
    given = signed((DOT, ".svg"), numbering=numbering, footer="50% & at the foot")
    (name,) = files_beside(given)
    source = deck(given)
    assert source.count(f"{{{name}}}") == 2  # on the title page and at the foot
    found = pages(pdflatex(source, files_beside(given)))
    assert found[0].split() == ["Title", "Below", "it", "A.", "Lecturer", "An", "institute", "2030"]
    assert len(found) == 4
    for page in found[1:]:
        assert "50% & at the foot" in page
    assert found[1].split("foot")[1].strip() == shown  # TeX knows how many there are the next time


def test_parts_are_sections():
    text = Slide((), (Paragraph((Run("text"),)),))
    made = deck(Deck(Meta(), (text, Slide((Run("One & a half"),)), text, Slide((Run("Two"),)))))
    found = re.findall(r"\\section\{(.*)\}|\\begin\{(frame)\}", bare(made))
    assert [a or b for a, b in found] == [
        "frame",
        r"One \& a half",
        "frame",
        "frame",
        "Two",
        "frame",
    ]


def test_styles_and_columns_define_nothing_in_the_document():
    held = Columns(((Paragraph((Run("a"),)),), ()), (0.5, 0.5))
    sides = tuple(Styled((held,), side, 0.8) for side in ("left", "center", "right"))
    text = deck(Deck(Meta(), (Slide((), sides),)))
    harmless.tex(text)
    commands = (r"\raggedright", r"\centering", r"\raggedleft")
    assert [text.count(rf"\gsaligned{side}") for side in commands] == [1, 1, 1]


def test_struck_words_at_the_beginning_of_a_text_are_in_its_line(pdflatex):
    from graphstep.markdown import read

    tops = []
    for text in ("~~old~~ new", "new ~~old~~"):
        path = pdflatex(deck(read(f"## A\n\n{text}\n")))
        found = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True)
        tops.append(re.search(r'yMin="([\d.]+)"[^>]*>new<', found.stdout.decode())[1])
    assert tops[0] == tops[1]
