"""Slides of PowerPoint: steps, texts, titles, notes, sizes, pictures."""

import re
from collections import Counter
from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
from deck_parts import signed
from lxml import etree
from PIL import Image
from pptx.oxml.ns import qn
from pptx.util import Pt
from presentations import DOT, DOT_PNG, full_deck, neuron, opened, para, run, texts

import graphstep as gs
from graphstep.base.errors import GraphstepError
from graphstep.graph.slots import Slot
from graphstep.look.png import png
from graphstep.look.text_widths import wrap
from graphstep.markdown import read
from graphstep.powerpoint import package, pages
from graphstep.slides import deck as sl
from graphstep.slides.deck import BODY, MARGIN
from graphstep.slides.slide_plans import TEXT_SIZES


def difference(a, b):
    """Of two pictures, on average a channel of a pixel, out of 255."""
    a, b = (np.asarray(Image.open(BytesIO(x)).convert("RGBA")).astype(int) for x in (a, b))
    return abs(a - b).mean()


def test_one_slide_a_step_with_the_numbers_known_there_and_no_others():
    s = neuron()
    made = opened(pages.whole(s))
    assert len(made.slides) == len(s)
    for frame, slide in zip(s, made.slides, strict=True):
        figure = next(shape for shape in slide.shapes if shape.shape_type == 6)
        found = Counter(t for t in texts(figure) if re.fullmatch(r"\[?−?\d+\.\d\d\]?", t))
        drawn = {place.slot for place in s.drawing.places}
        shown = {slot: text for slot, text in frame.texts.items() if slot in drawn}
        known = Counter(f"[{t}]" if slot.kind == "local" else t for slot, t in shown.items())
        known[s.texts[Slot("value", s.graph.output)]] -= 1  # "f = 0.73"
        assert found == +known
        assert ("f = 0.73" in texts(figure)) == (Slot("value", 12) in frame.texts)


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


def test_equations_stand_beside_a_figure_in_two_rows():
    slide = opened(pages.whole(neuron())).slides[-1]
    figure = next(x for x in slide.shapes if x.shape_type == 6)
    formula = next(x for x in slide.shapes if x.name == "formula")
    assert figure.left + figure.width <= formula.left
    assert figure.height > Pt(540) * 0.6


def test_equations_stand_under_the_figure_and_are_told():
    s = neuron(style=gs.Style(direction="right"))
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
    figure = sl.FigureBlock(s, tuple(range(len(s))), tuple(range(len(s))))
    deck = sl.Deck(sl.Meta(aspect=aspect), (sl.Slide((run("Net"),), (figure,)),))
    sizes, made = set(), opened(pages.deck(deck))
    for frame, slide in zip(s, made.slides, strict=True):
        (formula,) = (x for x in slide.shapes if x.name == "formula")
        (group,) = (x for x in slide.shapes if x.shape_type == 6)
        (note,) = (
            x for x in slide.shapes if x.has_text_frame and x.text_frame.text == frame.caption
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


@pytest.mark.parametrize(("data", "suffix"), [(DOT, ".svg"), (DOT_PNG, ".png")])
def test_logo_footer_and_numbers_are_on_every_slide(data, suffix):
    made = opened(pages.deck(signed((data, suffix))))
    cover, *others = made.slides
    lines = ["Below it", "A. Lecturer", "An institute", "2030"]
    assert [p.text for p in cover.placeholders[1].text_frame.paragraphs] == lines
    assert [x.name for x in cover.shapes] == ["title", "text"]
    for k, slide in enumerate(others, start=2):
        found = {x.name: x.text_frame.text for x in slide.placeholders}
        assert found["text at the foot"] == "At the foot"
        assert found["slide number"] == f"{k} / 4"
    (large,) = (x for x in cover.slide_layout.shapes if x.shape_type == 13)
    (small,) = (x for x in made.slide_master.shapes if x.shape_type == 13)
    assert cover.slide_layout.element.get("showMasterSp") == "0"
    assert large.width / large.height == pytest.approx(2, rel=0.01)  # as the picture is
    assert (large.height.pt, small.height.pt) == pytest.approx((64, 22), abs=0.1)
    assert large.left.pt + large.width.pt / 2 == pytest.approx(480, abs=0.1)
    assert small.left.pt == pytest.approx(sl.MARGIN, abs=0.1)
    body = next(x for x in made.slide_master.placeholders if x.placeholder_format.idx == 1)
    footer = next(x for x in made.slide_master.placeholders if x.name == "Footer")
    assert body.top + body.height <= footer.top
    assert small.left + small.width <= footer.left


def test_parts_are_sections():
    """Each slide is in one section, in order, as PowerPoint demands."""
    named = [(run(name),) for name in ("One & a half", "Two")]
    parts = [sl.Slide(name) for name in named]
    text = sl.Slide((), (para("text"),))
    made = opened(pages.deck(sl.Deck(sl.Meta("A"), (text, parts[0], text, text, parts[1]))))
    assert etree.QName(made.element[-1]).localname == "extLst"
    space = "{http://schemas.microsoft.com/office/powerpoint/2010/main}"
    found = made.element.findall(f".//{space}section")
    ids = [[one.get("id") for one in section.iter(f"{space}sldId")] for section in found]
    assert [section.get("name") for section in found] == ["A", "One & a half", "Two"]
    assert [one for part in ids for one in part] == [str(s.slide_id) for s in made.slides]
    assert [len(part) for part in ids] == [2, 3, 1]
    assert len({section.get("id") for section in found}) == 3
    assert all(re.fullmatch(r"\{[0-9A-F-]{36}\}", section.get("id")) for section in found)
    without = opened(pages.deck(sl.Deck(sl.Meta("A"), (text,))))
    assert not without.element.findall(f".//{space}section")


@pytest.mark.parametrize(
    ("numbering", "shown"), [("true", "2 / 4"), ("page", "2"), ("false", None)]
)
def test_numbers_are_as_the_deck_says(numbering, shown):
    slide = opened(pages.deck(signed((DOT, ".svg"), numbering=numbering, footer=""))).slides[1]
    assert [x.text_frame.text for x in slide.placeholders][1:] == ([shown] if shown else [])


def test_every_kind_of_block_is_native(everything):
    made = opened(everything)
    cover, section, prose, more, *steps, last = made.slides
    assert [x.text_frame.text for x in cover.placeholders] == ["Градиенты и α", "A. Lecturer\n2030"]
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
        assert body.top + body.height <= Pt(540 - MARGIN) + 1
        assert [one.text for one in pages.sizes(deck(count))] == pytest.approx([sizes[-1]], abs=0.1)
    assert sizes[0] == pytest.approx(BODY * TEXT_SIZES[0].text, abs=0.1)
    assert all(a > b for a, b in pairwise(sizes))
    assert sizes[-1] >= 0.6 * 18


@pytest.mark.parametrize("count", [3, 14, 25])
def test_by_how_much_a_slide_is_cut_is_known(count):
    """What is off the page, and above its lower margin."""
    deck = sl.Deck(sl.Meta(), (sl.Slide((run("t"),), (para(*["word " * 40]),) * count),))
    over = pages.sizes(deck)[0].over
    body = opened(pages.deck(deck)).slides[0].placeholders[1]
    bottom = (body.top + body.height) / Pt(1)
    assert over == pytest.approx(max(0.0, bottom - (540 - MARGIN)) / 540, abs=0.005)
    assert (over > 0) == (count > 14)


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
    assert b"<style" not in part.blob  # PowerPoint reads no style sheets
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


def test_a_slide_is_planned_once_for_all_its_moments(monkeypatch):
    items = "".join(f"- item {k} with [a link](https://a.b/{k})\n" for k in range(6))
    deck, counted, whole = read(f"# A\n\n::: incremental\n{items}:::\n"), [], pages.planned
    monkeypatch.setattr(pages, "planned", lambda *given: counted.append(given) or whole(*given))
    made = opened(pages.deck(deck))
    assert (len(counted), len(made.slides)) == (1, 7)
    links = [[run.hyperlink.address for shape in slide.shapes if shape.has_text_frame
              for p in shape.text_frame.paragraphs for run in p.runs if run.hyperlink.address]
             for slide in made.slides]  # fmt: skip
    assert links[-1] == [f"https://a.b/{k}" for k in range(6)]
    assert [len(found) for found in links] == [*range(7)]


def test_a_template_is_opened_once_for_sizes_and_once_for_the_file(monkeypatch):
    template = sl.Template(pages.deck(read("# A")), "a.pptx")
    deck = read("# A\n\ntext\n")
    deck, counted, whole = (
        deck._replace(meta=deck.meta._replace(template=template)),
        [],
        package.Presentation,
    )
    monkeypatch.setattr(
        package, "Presentation", lambda *given: counted.append(given) or whole(*given)
    )
    pages.sizes(deck)
    assert len(opened(pages.deck(deck)).slides) == 1
    assert len(counted) == 2
