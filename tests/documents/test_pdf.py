"""PDF of slides and of handouts, read back with other programs."""

import io
import re
import unicodedata

import pytest
from deck_parts import signed
from PIL import Image
from presentations import DOT, DOT_PNG

import graphstep as gs
from examples import first, neuron
from graphstep.documents import cropped_pdf as crop
from graphstep.documents import pdf
from graphstep.markdown import read
from graphstep.outputs import animation, png
from graphstep.painting.shapes import Text
from graphstep.powerpoint import pages as slides
from graphstep.slides.deck import (  # fmt: skip
    MARGIN,
    Code,
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
    Table,
)
from graphstep.slides.slide_plans import TEXT_SIZES

HOSTILE = '#import "x" $a$ \\ ] " <svg> [b] // c /* d */ @e *b* _i_ `r` {x} #panic()'


TEXT = "q = x + y; f = q * z"


NUMBERS = {"x": -2, "y": 5, "z": -4}


NEURON = "f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))"


NEURON_NUMBERS = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}


def figure(stepper, captions=False):
    shown = tuple(range(len(stepper)))
    return FigureBlock(stepper, shown, shown if captions else ())


def words(text):
    return Paragraph((Run(text),))


def deck_of(*found, **meta):
    return Deck(Meta(**meta), found)


def titled(text, *blocks):
    return Slide((Run(text),), blocks)


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_one_page_a_frame_with_its_numbers(pages):
    s = first()
    found = pages(pdf.whole(s))
    assert len(found) == len(s)
    for frame, page in zip(s, found, strict=True):
        shown = re.split(r"[\s=]+", page)
        assert all(text in shown for text in frame.texts.values()), frame
        later = set(s.texts.values()) - set(frame.texts.values())
        assert not later & set(shown), frame
        assert f"{frame.index + 1}/{len(s)}" in squeezed(page)


def test_formulas_stand_on_the_page_of_their_step(pages):
    found = [squeezed(page) for page in pages(pdf.whole(first()), "-layout")]
    assert "=1·q=1·3=3" in found[2]
    assert "=1·z=1·(−4)=−4" in found[2]
    assert found[3].count("=−4·1=−4") == 2
    assert "·" not in found[0]


def test_captions_are_found_in_russian(pages):
    s = first(lang="ru")
    found = pages(pdf.whole(s))
    for frame, page in zip(s, found, strict=True):
        assert squeezed(frame.caption) in squeezed(page)
    without = pdf.deck(deck_of(Slide((), (figure(s),)), lang="ru"))
    assert squeezed(s[2].caption) not in squeezed(pages(without)[2])
    assert "входящийградиент" in squeezed(pages(without)[2])


def test_it_is_tagged_and_says_what_it_is(poppler):
    s = first(lang="ru")
    meta = {"title": "Урок", "author": "A. Lecturer", "date": "2026-09-01", "lang": "ru"}
    data = pdf.deck(deck_of(titled("One", figure(s)), titled("Two"), **meta))
    info = poppler(data, "pdfinfo")
    assert re.search(r"Title: +Урок\n", info)
    assert re.search(r"Author: +A\. Lecturer\n", info)
    assert re.search(r"CreationDate: .* 2026", info)
    assert re.search(r"Tagged: +yes", info)
    assert re.search(r"Page size: +960 x 540 pts", info)
    assert b"/StructTreeRoot" in data
    assert b"/Lang(ru)" in data
    for frame in s:
        assert frame.caption.encode("utf-16-be").hex().upper().encode() in data
    assert "Formula" in poppler(data, "pdfinfo", "-struct")


def test_titles_are_in_the_outline_once():
    data = pdf.deck(deck_of(titled("Unrepeated", figure(first())), titled("Section")))
    assert data.count(b"/Title(Unrepeated)") == 2  # the document's, too
    assert data.count(b"/Title(Section)") == 1


@pytest.mark.parametrize("make", [pdf.whole, crop.whole])
def test_fonts_are_ours_and_inside(poppler, make):
    listed = poppler(make(first(lang="ru")), "pdffonts").splitlines()[2:]
    assert len(listed) >= 2
    for line in listed:
        assert re.match(r"\w{6}\+(DejaVuSans(Mono)?|STIXTwoMath)(-\w+)? .* yes yes yes ", line)


def test_arrows_of_formulas_are_in_our_font(poppler):
    from graphstep.markdown import read

    deck = read(r"$\vec{x} \iff \overrightarrow{AB} \Longrightarrow y \longmapsto z$")
    found = poppler(pdf.deck(deck), "pdffonts")
    assert {re.sub(r"^\w+\+", "", row.split()[0]) for row in found.splitlines()[2:]} <= {
        "STIXTwoMath-Regular", "DejaVuSans",
    }  # fmt: skip


def test_same_deck_same_bytes():
    shown = [words("text"), Items(((words("a"),),)), Code("x = 1")]
    for make in (pdf.deck, pdf.handout):
        decks = (deck_of(titled("One", figure(first()), *shown), title="T") for _ in range(2))
        assert len({make(deck) for deck in decks}) == 1
    for make in (crop.whole, png.whole, animation.gif, animation.apng):
        assert make(first()) == make(first())


def test_whatever_is_written_is_text(pages):
    said = (
        Run(HOSTILE),
        Run(HOSTILE, bold=True, italic=True, struck=True, link='https://x.y/#a"b'),
    )
    table = Table(((said,), (said,)), ("left",))
    blocks = (
        Paragraph(said), Heading(said, 2), Items(((Paragraph(said),),), 3), Quote((words(HOSTILE),)),
        Code(HOSTILE), table,
    )  # fmt: skip
    meta = {"title": HOSTILE, "author": HOSTILE, "date": HOSTILE}
    deck = deck_of(Slide(said, blocks, HOSTILE), titled(HOSTILE), **meta)
    for make, least in ((pdf.deck, 15), (pdf.handout, 13)):
        text = squeezed(" ".join(pages(make(deck))))
        assert text.count(squeezed(HOSTILE)) >= least


def test_every_kind_of_part_is_shown(pages, pixels):
    from graphstep.formulas.tree import Frac, Name, Number, Row, Sign

    half = Formula(Row((Name("y"), Sign("="), Frac(Number("1"), Name("sigma")))), "y")
    red = io.BytesIO()
    Image.new("RGB", (40, 40), "#ff0000").save(red, "PNG")
    blue = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="#0000ff"/></svg>'
    inline = (Run("see\nthis"), half, Picture(red.getvalue(), ".png", "a dot"))
    nested = Items(((words("outer"), Items(((words("inner"),),))),))
    shown = (
        Paragraph(inline), nested, Items(((words("third"),), (words("fourth"),)), 3), Display(half),
        Code("def f():\n    return 1", "python"), Picture(blue, ".svg", "blue"),
        Table((((Run("name"),), (Run("number"),)), ((Run("w"),), (Run("2.00"),))), ("left", "right")),
    )  # fmt: skip
    data = pdf.deck(deck_of(titled("Parts", *shown)))
    (page,) = pages(data, "-layout")
    for text in ("Parts", "see\n", "this", "outer", "inner", "3. third", "4. fourth", "return 1"):
        assert text in page
    assert "y=" in squeezed(page)
    assert "σ" in page
    assert re.search(r"w +2\.00", page)
    seen = pixels(data, 1)
    assert (seen == (255, 0, 0)).all(axis=2).any()
    assert (seen == (0, 0, 255)).all(axis=2).sum() > 100
    assert b"blue" in data


def test_a_long_title_has_one_page(pages):
    found = pages(
        pdf.deck(deck_of(titled("One"), title="Long words of a title " * 12, aspect="4:3"))
    )
    assert len(found) == 2


def test_a_line_below_a_picture_is_on_its_page(pages):
    picture = io.BytesIO()
    Image.new("RGB", (800, 500), "#ff0000").save(picture, "PNG")
    shown = (Picture(picture.getvalue(), ".png", "red"), words("below it"))
    (page,) = pages(pdf.deck(deck_of(titled("Picture", *shown))))
    assert "below it" in page


@pytest.mark.parametrize("around", [(), (words("around"),)])
@pytest.mark.parametrize("text", [NEURON, "f = x*y", "f = (x + y)*exp(z)"])
def test_nothing_moves_from_page_to_page(poppler, text, around):
    """Names and gates, which stand above all sentences, have the same place on every page."""
    s = gs.stepper(text, inputs=dict.fromkeys(gs.parse(text).inputs, 0.5))
    data = pdf.deck(deck_of(titled("Still", *around, figure(s, bool(around)), *around)))
    still = {shape.runs[0].text for shape in s[0].shapes.shapes
             if isinstance(shape, Text) and shape.look.fill == "ink"}  # fmt: skip
    found = []
    for page in poppler(data, "pdftotext", "-bbox").split("<page ")[1:]:
        boxes = re.findall(r'xMin="(\S+)" yMin="(\S+)" .*?>(\S+)</word>', page)
        left = [(w, float(y), x) for x, y, w in boxes if w in still and float(x) < 0.55 * 960]
        found.append({w: (y, x) for w, y, x in sorted(left, reverse=True)})  # the highest
    assert len(found[0]) >= 3
    assert len(found) == len(s)
    assert all(places == found[0] for places in found)


def net():
    """A net whose arrays are heat maps."""

    def grid(rows, columns):
        return [[((7 * r + 3 * c) % 11 - 5) / 4 for c in range(columns)] for r in range(rows)]

    return gs.stepper(
        "h = relu(x @ w1 + b); L = cross_entropy(h @ w2, y)",
        x=grid(6, 5), w1=grid(5, 8), b=grid(1, 8)[0], w2=grid(8, 3), y=[0, 1, 2, 0, 1, 2],
    )  # fmt: skip


def sums():
    """A figure of a usual size, with an input that is used twice."""
    return gs.stepper("a = x * y; b = x + y; f = a * b", x=3, y=-2)


@pytest.mark.parametrize("share", [0.6, 0.45, 0.25])
@pytest.mark.parametrize(
    "fence",
    [
        "x=3 --constants nodes --local never\nf = x*x",
        "x=3 y=-2\na = x*y; b = x + y; f = a*b",
        "W=[[0.1,0.5],[-0.3,0.8]] x=[0.2,0.4] --sums\nq = W @ x; f = l2(q)",
    ],
)
def test_formulas_of_a_figure_in_a_column_have_one_size(poppler, fence, share):
    """That of the first sign of a derivative, on all pages."""
    beside = f"::: columns\n::: column {{width={share:.0%}}}\n```graphstep {fence}\n```\n:::\n"
    deck = read(f"## A\n\n{beside}::: column\nwords\n:::\n:::\n")
    found = poppler(pdf.deck(deck), "pdftotext", "-bbox")
    signs = re.findall(r'yMin="(\S+)" xMax="\S+" yMax="(\S+)">𝜕', found)
    heights = [float(below) - float(above) for above, below in signs]
    assert len(heights) > 8
    assert max(heights) <= 1.01 * min(heights)


@pytest.mark.parametrize(("aspect", "least"), [("16:9", 0.5), ("4:3", 0.37)])
def test_a_large_figure_with_captions_uses_the_page(poppler, aspect, least):
    """Its texts are no smaller than they have to be: words stand where they cost it nothing."""
    data = pdf.deck(deck_of(titled("A net", figure(net(), captions=True)), aspect=aspect))
    found = poppler(data, "pdftotext", "-bbox", "-l", "1")
    assert "Forward" in found  # the sentence is there, too
    across = [
        (float(box[0]), float(box[1]))
        for box in re.findall(r'xMin="(\S+)" .*? xMax="(\S+)" .*?>(?:w₁|loss)</word>', found)
    ]
    drawing = net().drawing
    last = next(m for m in drawing.marks if m.text == "softmax loss")
    whole = max(b for _, b in across) - min(a for a, _ in across)
    assert whole > least * (last.x + last.width / 2 - 10)


def test_nothing_is_cut_however_much_there_is(pages, pixels):
    much = [words(f"n{k}. " + "Всё, что слишком длинно. " * 8) for k in range(40)]
    found = pages(pdf.deck(deck_of(titled("Much", *much), lang="ru")))
    assert len(found) > 1
    text = " ".join(found)
    assert all(f"n{k}." in text for k in range(40))
    some = pages(pdf.deck(deck_of(titled("Some", *much[:8]))))
    assert len(some) == 1  # smaller letters, one page
    around = pages(pdf.deck(deck_of(titled("Around", *much[:9], figure(first()), *much[9:11]))))
    assert len(around) == 1 + len(first())
    wide = pdf.deck(deck_of(titled("Wide", Code("x = " + "1 + " * 90), Display(_long()))))
    edge = pixels(wide, 1)[:, -30:]
    assert (edge == 255).all()


def test_sizes_of_texts_are_those_on_the_pages(poppler):
    def wide(page):
        found = re.search(r'xMin="(\S+)" .*? xMax="(\S+)" .*?>measured</word>', page)
        return float(found[2]) - float(found[1])

    much = [words(f"measured {'and some words more ' * 12}") for _ in range(9)]
    crowded = titled("Around", *much[:4], figure(first()), much[4])
    deck = deck_of(titled("Few", much[0]), titled("Much", *much), crowded, titled("Alone"))
    sizes = [one.text for one in pdf.sizes(deck)]
    pages = poppler(pdf.deck(deck), "pdftotext", "-bbox").split("<page ")[1:]
    measured = [sizes[0] * wide(page) / wide(pages[0]) for page in pages[:3]]
    assert sizes == pytest.approx([*measured, 18], rel=0.02)
    assert sizes[0] == 18 * TEXT_SIZES[0].text
    assert max(sizes[1:3]) < 16


def test_what_is_too_long_goes_on_on_further_pages_and_is_counted(poppler):
    """Also a table of few cells, which usually stays together."""
    cells = tuple(((Run(f"({k}) " + "and some words more " * 30),),) for k in range(9))
    kinds = [
        [words("few")],
        [words(f"({k}) " + "and some words more " * 12) for k in range(40)],
        [Code("\n".join(f"({k})" for k in range(70)))],
        [Table((((Run("head"),),), *cells), ("left",))],
        [*(words(f"({k}) " + "and some words more " * 12) for k in range(40)), figure(first())],
    ]
    deck = deck_of(*(titled("Title", *blocks) for blocks in kinds))
    more = [one.over for one in pdf.sizes(deck)]
    made = poppler(pdf.deck(deck), "pdftotext", "-raw").split("\f")[:-1]
    assert len(made) == len(kinds) + sum(more) + len(first())
    assert more[0] == 0
    assert min(more[1:]) >= 1
    between = r"(?m)^(\d+ / \d+|head)$"  # pages: their numbers, and the head of the table again
    text = squeezed(re.sub(between, "", "".join(made)))
    assert [text.count(f"({k})and") for k in range(9)] == [3] * 9
    assert all(f"({k})" in text for k in range(70))
    assert text.count(squeezed("and some words more")) == 2 * 40 * 12 + 9 * 30


def _long():
    from graphstep.formulas.tree import Name, Row, Sign

    return Formula(Row(tuple(p for k in range(60) for p in (Name(f"w{k}"), Sign("+")))), "w")


def test_wide_formulas_are_broken_at_an_equals_sign(pages):
    s = gs.stepper(
        "f = " + " * ".join(f"x{k}" for k in range(9)),
        inputs={f"x{k}": k for k in range(1, 9)} | {"x0": 5},
    )
    data = pdf.deck(deck_of(titled("Long", figure(s)), aspect="4:3"))
    lines = [line.strip() for line in pages(data, "-layout")[-1].splitlines()]
    assert any(line.startswith("=") for line in lines)


@pytest.mark.parametrize(("theme", "paper"), [("light", 255), ("dark", 13)])
@pytest.mark.parametrize(("aspect", "width"), [("16:9", 960), ("4:3", 720)])
def test_themes_and_sizes(pixels, theme, paper, aspect, width):
    data = pdf.deck(deck_of(titled("T", figure(first())), theme=theme, aspect=aspect))
    seen = pixels(data, 1)
    assert seen.shape[:2] == (540, width)
    assert seen[2, 2, 0] == paper
    assert abs(seen - seen[2, 2]).max() > 180


def test_unknown_themes_and_sizes_are_told():
    for meta, told in (({"theme": "pink"}, "theme cannot be 'pink'; it can be: light, dark"),
                       ({"aspect": "1:1"}, "aspect cannot be '1:1'; it can be: 16:9, 4:3")):  # fmt: skip
        with pytest.raises(gs.GraphstepError, match=told):
            pdf.deck(deck_of(titled("T"), **meta))


def test_a_title_page_comes_first(pages):
    deck = deck_of(titled("Slide", words("x")), title="Title", author="Author", date="May")
    found = pages(pdf.deck(deck))
    assert [line for line in found[0].split("\n") if line.strip()] == ["Title", "Author", "May"]
    assert "2/2" in squeezed(found[1])


def test_a_handout_has_all_of_it(pages, pixels):
    s, neuron = first(), gs.stepper(NEURON, inputs=NEURON_NUMBERS)
    deck = deck_of(
        titled("Part"), titled("Two abreast", words("before"), figure(s)),
        titled("Wide", figure(neuron, True)), title="On paper", theme="dark",
    )  # fmt: skip
    data = pdf.handout(deck)
    found = pages(data)
    assert len(found) < 7
    text = squeezed(" ".join(found))
    for said in (
        "On paper",
        "Part",
        "Two abreast",
        "before",
        "Wide",
        neuron[4].caption,
    ):
        assert squeezed(unicodedata.normalize("NFKC", said)) in text  # as `pages` has it
    assert "1·3" in squeezed(" ".join(pages(data, "-layout")))
    assert f"1/{len(found)}" in squeezed(found[0])
    paper = pixels(data, 1)
    assert paper.shape[:2] == (842, 596)
    assert (paper[:40] == 255).all()  # light, whatever the slides are


@pytest.mark.parametrize(
    ("made", "captions", "count"), [(neuron, False, 5), (sums, False, 2), (net, True, 7)]
)
def test_pages_of_a_handout_are_filled(made, captions, count, pages, pixels):
    """Two steps of the neuron a page, four of a small figure, one of a net with large maps."""
    data = pdf.handout(deck_of(titled("Net", words("before"), figure(made(), captions))))
    found = pages(data)
    assert len(found) == count
    assert "before" in found[0]
    for page in range(1, count):  # the last one may be empty from some place on
        inked = (pixels(data, page)[:-56] < 250).any(axis=(1, 2))
        assert inked.nonzero()[0].max() > 0.65 * 842


def test_texts_stay_with_their_figure_on_paper(pages):
    lines = [words(f"line {k}") for k in range(25)]
    deck = deck_of(titled("Before", *lines), titled("Tall", words("above it"), figure(net(), True)))
    (page,) = (page for page in pages(pdf.handout(deck)) if "above it" in page)
    assert "Tall" in page
    assert "Forward pass" in page


@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
def test_a_picture_is_as_wide_as_it_is_to_be(pixels, share):
    """In the width of the text, which is the slide without its margins; in PowerPoint, too."""
    from presentations import opened

    red = io.BytesIO()
    Image.new("RGB", (200, 40), "#ff0000").save(red, "PNG")
    deck = deck_of(Slide((), (Picture(red.getvalue(), ".png", "a bar", share),)))
    seen = (pixels(pdf.deck(deck), 1) == (255, 0, 0)).all(axis=2).any(axis=0)
    text = 960 - 2 * MARGIN
    assert seen.sum() / len(seen) == pytest.approx(share * text / 960, abs=0.005)
    [slide] = opened(slides.deck(deck)).slides
    [picture] = [shape for shape in slide.shapes if shape.shape_type == 13]
    assert picture.width / 12700 == pytest.approx(share * text, abs=1)
    assert picture.height / picture.width == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize(("numbering", "shown"), [("true", "2 / 4"), ("page", "2"), ("false", "")])
def test_logo_footer_and_numbers_are_on_every_page(numbering, shown, pages, poppler):
    made = pdf.deck(signed((DOT_PNG, ".png"), numbering=numbering))
    cover, *others = pages(made, "-layout")
    assert [line.strip() for line in cover.splitlines() if line.strip()] == [
        "Title", "Below it", "A. Lecturer", "An institute", "2030",
    ]  # fmt: skip
    assert len(others) == 3
    for page in others:
        assert page.splitlines()[-1].strip().startswith("At the foot")
    assert squeezed(others[0].splitlines()[-1]) == squeezed(f"At the foot {shown}")
    listed = poppler(made, "pdfimages", "-list").splitlines()[2:]
    assert [line.split()[0] for line in listed if " smask " not in line] == ["1", "2", "3", "4"]
    assert "At the foot" in pages(pdf.handout(signed((DOT, ".svg"))))[0]
