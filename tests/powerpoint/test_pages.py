"""PowerPoint: native shapes, texts, titles, notes; a file that opens without repair; what LibreOffice makes of it."""

import os
import re
import shutil
import subprocess
from collections import Counter
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import numpy as np
import pytest
from lxml import etree
from PIL import Image
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Pt

import graphstep as gs
from examples import NEURON, NEURON_INPUTS
from graphstep.base.errors import GraphstepError
from graphstep.drawing.shapes import Text
from graphstep.figure import deck as sl
from graphstep.formulas.tree import Equation, Frac, Matrix, Name, Number, Row, Scripts, Sign
from graphstep.graph.slots import Slot
from graphstep.look.png import png
from graphstep.look.style import PALETTES
from graphstep.look.text_widths import wrap
from graphstep.powerpoint import formula_pictures as formulas
from graphstep.powerpoint import pages
from graphstep.powerpoint.formula_runs import pieces

HOSTILE = '<&>"\'\x00\x0b\ud800 a:t &amp; ="rel-0" {x} %s'
DOT = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2" width="400" height="200">'
    b'<circle cx="1" cy="1" r="1"/></svg>'
)
DOT_PNG = png(DOT.decode())


def neuron(**options):
    return gs.stepper(NEURON, inputs=NEURON_INPUTS, **options)


def opened(data):
    return Presentation(BytesIO(data))


def run(text, **look):
    return sl.Run(text, **look)


def para(*parts):
    return sl.Paragraph(tuple(run(p) if isinstance(p, str) else p for p in parts))


def full_deck(lang="en", theme="light", aspect="16:9"):
    """A deck with one of everything."""
    x2 = sl.Formula(Row((Scripts(Name("x"), sup=Number("2")), Sign("="), Name("y1"))), "x^2 = y_1")
    tall = sl.Formula(Frac(Row((Name("a"), Sign("+"), Name("b"))), Name("c")), "")
    inner = sl.Items(((para("deeper"),),), None)
    blocks = (
        para("plain ", run("bold", bold=True), run("slanted", italic=True), run("x = 1", code=True),
             run("gone", struck=True), run("there", link="https://example.org/a b?c=1")),
        sl.Heading((run("below"),), 2),
        sl.Items(((para("one"), inner), (para("two "), para("second paragraph"))), None),
        sl.Items(((para("first"),), (para("second"),)), 3),
        para("where ", x2, " and ", tall, run("\n"), "next line"),
    )  # fmt: skip
    more = (
        sl.Display(tall),
        sl.Quote((para("what somebody said"),)),
        sl.Code("def f(x):\n\treturn x < 1 & x\n", "python"),
        sl.Table((((run("head"),), (x2,)), ((run("left"),), (run("right"),))), ("left", "right")),
        sl.Picture(DOT, ".svg", "a dot"),
        sl.Picture(DOT_PNG, ".png", "the same dot"),
        para("a ", sl.Picture(DOT_PNG, ".png", "in a line"), " picture"),
    )
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4, lang=lang)
    figure = sl.FigureBlock(s, (0, 2, 3), captions=True)
    meta = sl.Meta("Градиенты и α", "A. Lecturer", "2030", lang, theme, aspect)
    return sl.Deck(meta, (
        sl.Slide((run("A section"),), (), "said at the section"),
        sl.Slide((run("Texts"), x2), blocks, "said at the texts"),
        sl.Slide((run("More"),), more),
        sl.Slide((run("Steps"),), (para("before"), figure, para("after")), "said at each step"),
        sl.Slide((), (para("no title"),)),
    ))  # fmt: skip


@pytest.fixture(scope="module")
def everything():
    return pages.deck(full_deck())


def shapes(container):
    for shape in container.shapes:
        yield shape
        if shape.shape_type == 6:
            yield from shapes(shape)


def difference(a, b):
    """Of two pictures, on average a channel of a pixel, out of 255."""
    a, b = (np.asarray(Image.open(BytesIO(x)).convert("RGBA")).astype(int) for x in (a, b))
    return abs(a - b).mean()


def texts(slide):
    return [s.text_frame.text for s in shapes(slide) if s.has_text_frame]


# --- figures


def test_one_slide_a_step_with_the_numbers_known_there_and_no_others():
    s = neuron()
    made = opened(pages.whole(s))
    assert len(made.slides) == len(s)
    for frame, slide in zip(s, made.slides, strict=True):
        figure = next(shape for shape in slide.shapes if shape.shape_type == 6)
        found = Counter(t for t in texts(figure) if re.fullmatch(r"\[?-?\d+\.\d\d\]?", t))
        drawn = {place.slot for place in s.drawing.places}
        shown = {slot: text for slot, text in frame.texts.items() if slot in drawn}
        known = Counter(f"[{t}]" if slot.kind == "local" else t for slot, t in shown.items())
        known[s.texts[Slot("value", s.graph.output)]] -= 1  # "f = 0.73"
        assert found == +known
        assert ("f = 0.73" in texts(figure)) == (Slot("value", 12) in frame.texts)


def test_gates_wires_and_numbers_are_shapes_with_names():
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    slide = opened(pages.whole(s)).slides[3]
    figure = next(shape for shape in slide.shapes if shape.shape_type == 6)
    assert figure.name == "figure"
    names = [shape.name for shape in figure.shapes]
    for name in ("gate +", "gate *", "wire x → q", "wire q → f", "value q", "gradient q", "input z",
                 "local gradient z → f", "used in this step"):  # fmt: skip
        assert name in names, name
    by_name = {shape.name: shape for shape in figure.shapes}
    gate = by_name["gate *"]
    assert gate.text_frame.text == "*"
    assert gate.auto_shape_type.name == "OVAL"
    wire = by_name["wire x → q"]._element
    paths = wire.findall(".//" + qn("a:path"))
    assert wire.find(".//" + qn("a:cubicBezTo")) is not None
    assert [p.get("fill") or p.get("stroke") for p in paths] == ["none", "0"]  # and its arrow head


def test_a_long_symbol_is_a_pill_and_a_power_is_raised():
    s = gs.stepper("f = softplus(x)**3", x=1)
    figure = next(x for x in opened(pages.whole(s)).slides[0].shapes if x.shape_type == 6)
    kinds = {x.text_frame.text: x for x in figure.shapes if x.name.startswith("gate")}
    assert kinds["softplus"].auto_shape_type.name == "ROUNDED_RECTANGLE"
    assert "baseline" in etree.tostring(kinds["x3"]._element).decode()


def test_heat_maps_are_freeforms_with_opacity_and_a_warning_has_its_sentence():
    sys_path = gs.stepper(
        "h = x @ w; L = cross_entropy(h, y)", x=[[0.1 * (r - c) for c in range(6)] for r in range(5)],
        w=[[0.3 * (r * c % 4 - 1) for c in range(3)] for r in range(6)], y=[0, 1, 2, 0, 1],
    )  # fmt: skip
    data = etree.tostring(opened(pages.whole(sys_path)).slides[-1].element).decode()
    assert data.count("<a:alpha") > 10
    s = gs.stepper("f = log(x) * y", x=-1, y=2)
    sign = [x for x in shapes(opened(pages.whole(s)).slides[-1]) if x.name == "warning"]
    assert sign[0]._element.nvSpPr.cNvPr.get("descr") == next(iter(s[-1].warnings.values()))


def test_nothing_moves_between_the_frames_of_a_run():
    for deck in (opened(pages.whole(neuron())), opened(pages.deck(full_deck()))):
        places = [
            (g.left, g.top, g.width, g.height)
            for slide in deck.slides for g in slide.shapes if g.name in ("figure", "рисунок")
        ]  # fmt: skip
        assert len(places) >= 3
        assert len(set(places)) == 1


def test_titles_notes_and_descriptions():
    s = neuron(lang="ru")
    made = opened(pages.whole(s))
    for frame, slide in zip(s, made.slides, strict=True):
        assert slide.shapes.title.text == s.graph.source
        assert slide.notes_slide.notes_text_frame.text == frame.caption
        figure = next(shape for shape in slide.shapes if shape.shape_type == 6)
        assert figure._element.nvGrpSpPr.cNvPr.get("descr") == frame.caption


def test_equations_stand_under_the_figure_and_are_told():
    s = neuron()
    for frame, slide in zip(s, opened(pages.whole(s)).slides, strict=True):
        pictures = [x for x in slide.shapes if x.shape_type == 13]
        assert len(pictures) == bool(frame.equations)
        for picture in pictures:
            assert picture.name == "formula"
            assert picture._element.nvPicPr.cNvPr.get("descr").startswith(("f = ", "∂f/∂"))
            figure = next(x for x in slide.shapes if x.shape_type == 6)
            assert figure.top + figure.height <= picture.top
            assert picture.top + picture.height <= made_height(slide)


def made_height(slide):
    return slide.part.package.presentation_part.presentation.slide_height


def net():
    """A net whose arrays are heat maps."""
    return gs.stepper(
        "h = relu(x @ w1 + b); L = cross_entropy(h @ w2, y)", x=[[0.1] * 5] * 6, w1=[[0.2] * 8] * 5,
        b=[0.1] * 8, w2=[[0.3] * 3] * 8, y=[0, 1, 2, 0, 1, 2],
    )  # fmt: skip


def test_words_stand_beside_a_figure_that_were_small_above_them():
    slide = opened(pages.whole(net())).slides[-1]
    figure = next(x for x in slide.shapes if x.shape_type == 6)
    formula = next(x for x in slide.shapes if x.name == "formula")
    assert figure.left + figure.width <= formula.left
    assert figure.height > Pt(540) * 0.6


@pytest.mark.parametrize("aspect", ["16:9", "4:3"])
def test_formulas_of_a_figure_have_one_size_and_sentences_stand_with_them(aspect):
    s = net()
    figure = sl.FigureBlock(s, tuple(range(len(s))), captions=True)
    deck = sl.Deck(sl.Meta(aspect=aspect), (sl.Slide((run("Net"),), (figure,)),))
    sizes, made = set(), opened(pages.deck(deck))
    for frame, slide in zip(s, made.slides, strict=True):
        (formula,) = (x for x in slide.shapes if x.name == "formula")
        (group,) = (x for x in slide.shapes if x.shape_type == 6)
        (note,) = (
            x for x in slide.shapes if x.has_text_frame and x.text_frame.text == sl.sentence(frame)
        )
        sizes.add(formula.image.size[0] / formula.width)
        assert note.left + note.width <= made.slide_width
        assert note.top + note.height <= made.slide_height
        assert note.top >= formula.top + formula.height or note.left >= formula.left + formula.width
        assert group.left + group.width <= note.left or group.top + group.height <= note.top
        assert group.width > 0.45 * made.slide_width
    assert max(sizes) < 1.05 * min(sizes)  # pixels are whole


@pytest.mark.parametrize("aspect", ["16:9", "4:3"])
def test_a_long_title_is_smaller(aspect):
    long = "Обратное распространение ошибки и вычислительные графы, " * 4
    slides_ = (sl.Slide((run(long),)), sl.Slide((run("Short"),)))
    deck = sl.Deck(sl.Meta(long, "A.", aspect=aspect), slides_)
    sizes = []
    for slide in opened(pages.deck(deck)).slides:
        (one,) = slide.shapes.title.text_frame.paragraphs[0].runs
        sizes.append(one.font.size.pt)
    room = sl.SIZES[aspect][0] - 2 * sl.MARGIN
    place = 0.46 * sl.SIZES[aspect][1] - sl.MARGIN
    lines = len(wrap(long, sizes[0], room))
    assert sizes[0] < 0.95 * 1.45 * sl.TITLE
    assert lines * 1.17 * sizes[0] <= place
    assert sizes[2] == pytest.approx(1.3 * sl.TITLE, abs=0.1)


# --- decks


def test_every_kind_of_block_is_native(everything):
    made = opened(everything)
    cover, section, prose, more, *steps, last = made.slides
    assert [x.text_frame.text for x in cover.placeholders] == ["Градиенты и α", "A. Lecturer\v2030"]
    assert section.shapes.title.text == "A section"
    assert prose.shapes.title.text == "Textsx2\u00a0=\u00a0y1"
    body = prose.placeholders[1].text_frame
    assert [p.text for p in body.paragraphs] == [
        "plain boldslantedx = 1gonethere", "below", "one", "deeper", "two ", "second paragraph",
        "first", "second", "where x2\u00a0=\u00a0y1 and (a + b)/c\vnext line",
    ]  # fmt: skip
    runs = {r.text: r for r in body.paragraphs[0].runs}
    assert runs["bold"].font.bold
    assert runs["slanted"].font.italic
    assert runs["x = 1"].font.name == "Courier New"
    assert runs["there"].hyperlink.address == "https://example.org/a%20b?c=1"
    xml = etree.tostring(body._txBody).decode()
    assert 'strike="sngStrike"' in xml
    assert 'startAt="3"' in xml
    assert 'baseline="30000"' in xml
    assert 'baseline="-25000"' in xml
    kinds = [shape.name for shape in more.shapes]
    for kind in ("formula", "code", "table", "picture"):
        assert kind in kinds
    table = next(x for x in more.shapes if x.has_table).table
    assert [[c.text for c in row.cells] for row in table.rows] == [
        ["head", "x2\u00a0=\u00a0y1"], ["left", "right"],
    ]  # fmt: skip
    assert len(steps) == 3
    assert all({"before", "after"} <= set(texts(slide)) for slide in steps)
    assert all("said at each step" in s.notes_slide.notes_text_frame.text for s in steps)
    assert last.shapes.title.top < 0  # beside the page, for outlines and screen readers


def test_slides_are_numbered_and_of_the_size_that_was_asked_for(everything):
    made = opened(everything)
    count = len(made.slides)
    for k, slide in enumerate(made.slides, 1):
        numbers = [t for t in texts(slide) if re.fullmatch(r"\d+ / \d+", t)]
        assert numbers == ([] if k == 1 else [f"{k} / {count}"])
    assert (made.slide_width, made.slide_height) == (Pt(960), Pt(540))
    narrow = opened(pages.deck(full_deck(aspect="4:3")))
    assert (narrow.slide_width, narrow.slide_height) == (Pt(720), Pt(540))
    for slide in narrow.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= narrow.slide_width


def test_a_dark_deck_has_a_dark_page_and_light_ink():
    made = opened(pages.deck(full_deck(theme="dark")))
    assert 'bg1="dk1"' in etree.tostring(made.slide_master.element).decode()
    theme = made.slide_master.part.part_related_by(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
    ).blob.decode()
    assert (
        '<a:dk1><a:srgbClr val="0D1117"/></a:dk1><a:lt1><a:srgbClr val="E6EDF3"/></a:lt1>' in theme
    )
    with pytest.raises(GraphstepError, match="sepia"):
        pages.deck(full_deck(theme="sepia"))


def test_texts_become_smaller_until_they_fit():
    def deck(count):
        return sl.Deck(sl.Meta(), (sl.Slide((run("t"),), (para(*["word " * 40]),) * count),))

    sizes = []
    for count in (2, 6, 9):
        slide = opened(pages.deck(deck(count))).slides[0]
        body = slide.placeholders[1]
        sizes.append(body.text_frame.paragraphs[0].runs[0].font.size.pt)
        assert body.top + body.height <= Pt(540 - 40) + 1
        assert pages.text_sizes(deck(count)) == pytest.approx([sizes[-1]], abs=0.1)
    assert sizes[0] == 18
    assert all(a > b for a, b in pairwise(sizes))
    assert sizes[-1] >= 0.6 * 18


def test_pictures_mode_has_the_figure_as_svg_with_png():
    s = gs.stepper("f = x * y", x=2, y=3)
    data = pages.pictured_whole(s)
    slide = opened(data).slides[-1]
    figure = next(x for x in slide.shapes if x.name == "figure")
    assert figure.image.content_type == "image/png"
    assert figure._element.nvPicPr.cNvPr.get("descr") == s[-1].caption
    vector = figure._element.find(
        ".//{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip"
    )
    part = slide.part.related_part(vector.get(qn("r:embed")))
    assert part.content_type == "image/svg+xml"
    assert b"class=" not in part.blob  # PowerPoint reads no style sheets
    assert difference(png(part.blob.decode()), png(s[-1].picture())) < 0.02
    assert difference(png(part.blob.decode()), png(s[-2].picture())) > 0.1


def test_save_writes_both_kinds(tmp_path):
    s = gs.stepper("f = x * y", x=2, y=3)
    s.save(tmp_path / "f.pptx")
    s.save(tmp_path / "f.picture.pptx")
    assert (tmp_path / "f.pptx").read_bytes() == pages.whole(s)
    assert (tmp_path / "f.picture.pptx").read_bytes() == pages.pictured_whole(s)
    with pytest.raises(GraphstepError):
        s.save(tmp_path / "f{n}.pptx")


def test_a_picture_that_is_none_is_refused():
    deck = sl.Deck(sl.Meta(), (sl.Slide((), (sl.Picture(b"nothing", ".png"),)),))
    with pytest.raises(GraphstepError, match="png cannot be shown: it is broken"):
        pages.deck(deck)


# --- formulas


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (Row((Name("w0"), Name("x0"), Sign("+"), Name("b"))), "w0x0\u00a0+\u00a0b"),
        (Row((Sign("-"), Name("alpha"))), "−α"),
        (Frac(Row((Sign("∂"), Name("f"))), Row((Sign("∂"), Name("x")))), "∂f/∂x"),
        (Row((Name("tanh"), Sign("\u2061"), Name("x"))), "tanh\u00a0x"),
        (Frac(Row((Name("a"), Sign("+"), Name("b"))), Number("2")), "(a + b)/2"),
        (Scripts(Name("e"), sup=Scripts(Name("x"), sub=Number("1"))), None),
        (Matrix(((Name("a"),),)), None),
    ],
)
def test_a_formula_flows_in_a_sentence(formula, text):
    found = pieces(formula)
    assert text is None or "".join(piece.text for piece in found) == text
    assert (len(found) == 1) == (text is None or "(a" in text)
    assert "\n" not in "".join(piece.text for piece in found)


def test_an_equation_that_is_too_wide_is_broken_before_each_equals_sign():
    long = Row(tuple(Name(f"variable{k}") for k in range(6)))
    colours = PALETTES["default"].light
    given = formulas.Wanted((Equation((Name("f"), long, long, long)),), colours, 5000)
    wide, narrow = formulas.shown([given, given._replace(room=600)], colours.ink).values()
    assert wide.width > 600 > narrow.width
    assert narrow.height > 2 * wide.height


def test_all_formulas_are_set_in_one_run_and_not_again(monkeypatch):
    counted = []
    whole = formulas.typeset
    monkeypatch.setattr(formulas, "typeset", lambda *a: counted.append(a) or whole(*a))
    formulas._set.cache_clear()
    deck = full_deck()
    pages.deck(deck)
    pages.deck(deck)
    assert len(counted) == 1


# --- the file


def test_same_bytes_and_no_clock(everything):
    assert pages.deck(full_deck()) == everything
    with ZipFile(BytesIO(everything)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None
        core = archive.read("docProps/core.xml").decode()
    assert "Canny" not in core
    assert core.count("2000-01-01") == 2


SPACES = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
ORDERS = {  # what PowerPoint repairs, or refuses, where children stand otherwise
    "a:ln": "noFill solidFill prstDash round bevel miter headEnd tailEnd",
    "a:lnB": "noFill solidFill prstDash round bevel miter headEnd tailEnd",
    "a:pPr": "lnSpc spcBef spcAft buClr buSzPct buFont buNone buAutoNum buChar tabLst defRPr extLst",
    "a:rPr": "ln noFill solidFill effectLst highlight latin ea cs sym hlinkClick extLst",
    "a:p": "pPr r br fld endParaRPr",
    "a:tc": "txBody tcPr",
    "a:tcPr": "lnL lnR lnT lnB noFill solidFill",
    "a:tbl": "tblPr tblGrid tr",
    "a:custGeom": "avLst gdLst ahLst cxnLst rect pathLst",
    "p:spPr": "xfrm custGeom prstGeom noFill solidFill ln effectLst extLst",
    "p:sp": "nvSpPr spPr style txBody extLst",
    "p:pic": "nvPicPr blipFill spPr extLst",
    "p:grpSp": "nvGrpSpPr grpSpPr sp cxnSp pic",
    "p:graphicFrame": "nvGraphicFramePr xfrm graphic",
    "p:txBody": "bodyPr lstStyle p",
    "a:xfrm": "off ext chOff chExt",
    "p:cSld": "bg spTree custDataLst controls extLst",
    "p:sldMaster": "cSld clrMap sldLayoutIdLst transition timing hf txStyles extLst",
    "p:presentation": "sldMasterIdLst notesMasterIdLst handoutMasterIdLst sldIdLst sldSz notesSz "
    "defaultTextStyle extLst",
}
MIXED = {"a:p", "p:grpSp"}  # whose children may alternate; only the first ones are first


@pytest.mark.parametrize("made", [
    lambda: pages.deck(full_deck()), lambda: pages.whole(neuron()),
    lambda: pages.pictured_whole(gs.stepper("f = log(x)", x=0)), lambda: pages.deck(hostile_deck()),
])  # fmt: skip
def test_the_file_keeps_the_rules_that_powerpoint_insists_on(made):
    with ZipFile(BytesIO(made())) as archive:
        names = archive.namelist()
        assert len(set(names)) == len(names)
        parts = {name: archive.read(name) for name in names}
    types = etree.fromstring(parts["[Content_Types].xml"])
    overrides = {e.get("PartName") for e in types if e.get("PartName")}
    endings = {e.get("Extension").lower() for e in types if e.get("Extension")}
    for name in names:
        known = f"/{name}" in overrides or name.rpartition(".")[2].lower() in endings
        assert known or name == "[Content_Types].xml", name
    for name, data in parts.items():
        if name.endswith(".rels"):
            check_relations(name, data, parts)
        elif name.endswith(".xml") and "/media/" not in name:
            check_part(name, etree.fromstring(data), parts)


def check_relations(name, data, parts):
    folder = name.replace("_rels/", "").removesuffix(".rels").rpartition("/")[0]
    found = etree.fromstring(data)
    assert len({e.get("Id") for e in found}) == len(found)
    for e in found:
        if e.get("TargetMode") == "External":
            assert re.fullmatch(r"[\w:/?#\[\]@!$&'()*+,;=.~%-]+", e.get("Target"), re.ASCII)
        else:
            target = os.path.normpath(os.path.join("/", folder, e.get("Target")))
            assert target.removeprefix("/") in parts, (name, e.get("Target"))


def check_part(name, root, parts):
    ids = [e.get("id") for e in root.iter(f"{{{SPACES['p']}}}cNvPr")]
    assert len(set(ids)) == len(ids), name
    assert all(int(i) > 0 for i in ids)
    folder, _, file = name.rpartition("/")
    relations = parts.get(f"{folder}/_rels/{file}.rels", b"<none/>")
    known = {e.get("Id") for e in etree.fromstring(relations)}
    used = {
        v for e in root.iter() for k, v in e.attrib.items() if k.startswith(f"{{{SPACES['r']}}}")
    }
    assert used <= known, name
    for tag, order in ORDERS.items():
        prefix, local = tag.split(":")
        for e in root.iter(f"{{{SPACES[prefix]}}}{local}"):
            children = [etree.QName(c).localname for c in e]
            assert set(children) <= set(order.split()), (tag, children)
            if tag not in MIXED:
                places = [order.split().index(c) for c in children]
                assert places == sorted(places), (tag, children)
    for size in root.iter(f"{{{SPACES['a']}}}rPr"):
        assert 100 <= int(size.get("sz", 1800)) <= 400000
    for e in root.iter(f"{{{SPACES['a']}}}ext"):
        assert all(int(e.get(k, 0)) >= 0 for k in ("cx", "cy"))


def hostile_deck():
    text = run(HOSTILE, link="javascript:alert(1)")
    blocks = (
        sl.Paragraph((text, run("x", link='http://a.b/"<>^ я'))), sl.Heading((text,), 3),
        sl.Items(((), (sl.Paragraph((text,)),)), 1), sl.Code(HOSTILE), sl.Code(""),
        sl.Table((((text,),), ((),)), ("center",)), sl.Quote((sl.Paragraph(()),)),
        sl.Display(sl.Formula(Name(HOSTILE), HOSTILE)), sl.Picture(DOT, ".svg", HOSTILE),
        sl.Paragraph((sl.Formula(Name(HOSTILE), HOSTILE),)),
    )  # fmt: skip
    return sl.Deck(sl.Meta(HOSTILE, HOSTILE, HOSTILE), (sl.Slide((text,), blocks, HOSTILE),))


def test_hostile_text_stays_text():
    slide = opened(pages.deck(hostile_deck())).slides[1]
    kept = '<&>"\' a:t &amp; ="rel-0" {x} %s'
    assert slide.shapes.title.text == kept
    assert kept in slide.notes_slide.notes_text_frame.text
    addresses = [r.target_ref for r in slide.part.rels.values() if r.is_external]
    assert addresses == ["http://a.b/%22%3C%3E%5E%20%D1%8F"]


# --- through LibreOffice


def converted(data, tmp_path):
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is missing: tools/system-packages installs it")
        pytest.skip("no LibreOffice")
    source = tmp_path / "deck.pptx"
    source.write_bytes(data)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", tmp_path, source],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return tmp_path / "deck.pdf"


def words(pdf):
    """Of each page: (text, left, baseline's neighbourhood, right) of each word, in points."""
    html = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, check=True).stdout
    root = etree.fromstring(html, etree.XMLParser(recover=True))
    space = "{http://www.w3.org/1999/xhtml}"
    for page in root.iter(f"{space}page"):
        yield [
            (w.text, *(float(w.get(k)) for k in ("xMin", "yMin", "xMax", "yMax")))
            for w in page.iter(f"{space}word")
        ]


def test_libreoffice_shows_each_number_where_the_figure_has_it(tmp_path):
    s = neuron()
    deck = sl.Deck(sl.Meta("Lecture"), (
        sl.Slide((run("Steps"),), (sl.FigureBlock(s, tuple(range(len(s)))),)),
        sl.Slide((run("Шаги"),), (sl.FigureBlock(neuron(lang="ru"), (0, 9)),)),
    ))  # fmt: skip
    data = pages.deck(deck)
    groups = [[x for x in slide.shapes if x.shape_type == 6] for slide in opened(data).slides]
    seen = list(words(converted(data, tmp_path)))
    assert len(seen) == 1 + len(s) + 2
    for frame, page, (figure,) in zip(s, seen[1:], groups[1:], strict=False):
        found = frame.shapes
        scale = figure.width / 12700 / found.width
        for text in found.shapes:
            if not isinstance(text, Text) or len(text.runs) > 1 or text.runs[0].rise:
                continue
            shown, size = text.runs[0].text, text.runs[0].look.size * scale
            x, y = figure.left / 12700 + scale * text.x, figure.top / 12700 + scale * text.y
            near = [w for w in page if w[0] == shown and abs((w[1] + w[3]) / 2 - x) < 2]
            assert any(abs(w[4] - 0.236 * size - y) < 0.12 * size + 0.6 for w in near), (
                shown,
                page,
            )
    assert "-0,20" in {w[0] for w in seen[-1]}
