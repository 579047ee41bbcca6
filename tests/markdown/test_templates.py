"""Templates: what slides take from a presentation of a user's, and which ones are refused."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from deck_parts import FIGURE
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt
from presentations import opened

import graphstep as gs
from graphstep.look.style import HUES
from graphstep.markdown import read
from graphstep.markdown import templates as vetting
from graphstep.powerpoint import pages
from graphstep.slides.deck import Template
from graphstep.slides.design import contrast
from graphstep.slides.slide_plans import TEXT_SIZES

SIZE = (Pt(1000), Pt(600))
PLACE = (Pt(50), Pt(130), Pt(900), Pt(420))  # of texts
COLOURS = {"lt1": "102040", "dk1": "F4F0E6"}
TEXT = f"""
# Part

## A figure

Above it.

{FIGURE}

## Texts

- one
- two $x^2$

## More

Some text.

$$x^2$$
"""
HEAD = "title: Title\nsubtitle: Below\nauthor: A. Lecturer\nfooter: At the foot\n"


def made_by_hand(change=lambda _: None):
    """A template with its own size, places, colours, and a slide."""
    made = Presentation()
    made.slide_width, made.slide_height = SIZE
    body = next(x for x in made.slide_layouts[1].placeholders if x.placeholder_format.idx == 1)
    body.left, body.top, body.width, body.height = PLACE
    theme = made.slide_master.part.part_related_by(f"{RELATIONS}/theme")
    text = theme.blob.decode()
    for name, colour in COLOURS.items():
        new = f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>'
        text = re.sub(f"<a:{name}>.*?</a:{name}>", new, text)
    theme._blob = text.encode()
    made.slides.add_slide(made.slide_layouts[0]).shapes.title.text = "An old slide"
    change(made)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def slides(folder, data, head=HEAD, text=TEXT):
    (folder / "own.pptx").write_bytes(data)
    deck = read(f"---\n{head}template: own.pptx\n---\n{text}", "talk.md", folder, confined=True)
    return opened(pages.deck(deck))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return slides(tmp_path_factory.mktemp("template"), made_by_hand())


def test_slides_have_the_size_the_masters_and_the_layouts_of_the_template(made):
    assert (made.slide_width, made.slide_height) == SIZE
    names = [slide.slide_layout.name for slide in made.slides]
    assert names == [
        "Title Slide",
        "Section Header",
        *["Title Only"] * (len(names) - 4),
        *["Title and Content"] * 2,
    ]
    assert len(names) > 5
    assert "An old slide" not in [s.shapes.title.text for s in made.slides]
    assert len(made.slide_layouts) == 11
    given = Presentation(BytesIO(made_by_hand()))
    for one, other in zip(made.slide_layouts, given.slide_layouts, strict=True):
        assert [x.left for x in one.placeholders] == [x.left for x in other.placeholders]


def test_placeholders_are_those_of_the_layout_and_say_nothing_that_it_says(made):
    for slide in made.slides:
        known = {
            x.placeholder_format.idx: x.placeholder_format.type
            for x in slide.slide_layout.placeholders
        }
        for shape in slide.placeholders:
            assert known[shape.placeholder_format.idx] == shape.placeholder_format.type
    cover, part, figure, *_, texts, _ = made.slides
    for shape in (
        cover.shapes.title,
        cover.placeholders[1],
        part.shapes.title,
        figure.shapes.title,
        texts.placeholders[1],
    ):
        xml = shape.element
        assert xml.spPr.xfrm is None
        assert {run.get("sz") for run in xml.iter(qn("a:rPr"))} == {None}
        assert not [*xml.iter(qn("a:latin"))]
        assert not [*xml.iter(qn("a:solidFill"))]
    assert [p.text for p in cover.placeholders[1].text_frame.paragraphs] == ["Below", "A. Lecturer"]
    assert [p.text for p in texts.placeholders[1].text_frame.paragraphs] == ["one", "two x2"]
    feet = {x.placeholder_format.type: x.text_frame.text for x in part.placeholders}
    assert "At the foot" in feet.values()


def test_figures_and_texts_are_in_the_place_of_texts(made):
    left, top, wide, high = PLACE
    for slide in list(made.slides)[2:]:
        for shape in slide.shapes:
            if shape.is_placeholder and shape.placeholder_format.idx != 1:
                continue
            assert left <= shape.left
            assert shape.left + shape.width <= left + wide + 1
            assert top <= shape.top
            assert shape.top + shape.height <= top + high + 1
    assert [s for slide in made.slides for s in slide.shapes if s.shape_type == 6]


def test_a_dark_template_has_figures_for_dark_pages(made):
    group = next(s for slide in made.slides for s in slide.shapes if s.shape_type == 6)
    colours = {x.get("val") for x in group.element.iter(qn("a:srgbClr"))}
    assert "5EEAD4" in colours  # values on dark pages
    assert {"tx1", "bg1"} <= {x.get("val") for x in group.element.iter(qn("a:schemeClr"))}


@pytest.mark.parametrize(
    ("fill", "dark"),
    [
        ('<a:srgbClr val="F4F0E6"/>', False),
        ('<a:schemeClr val="tx1"/>', False),
        ('<a:schemeClr val="bg1"/>', True),
    ],
)
def test_the_background_of_the_master_counts(fill, dark, tmp_path):
    def painted(made):
        shown = made.slide_master.element.cSld
        for old in shown.findall(qn("p:bg")):
            shown.remove(old)
        spaces = f'xmlns:p="{qn("p:x")[1:-2]}" xmlns:a="{qn("a:x")[1:-2]}"'
        shown.insert(
            0,
            parse_xml(
                f"<p:bg {spaces}><p:bgPr><a:solidFill>{fill}</a:solidFill><a:effectLst/></p:bgPr></p:bg>"
            ),
        )

    found = slides(tmp_path, made_by_hand(painted), "", f"## A\n\n{FIGURE}").slides[0]
    group = next(s for s in found.shapes if s.shape_type == 6)
    colours = {x.get("val") for x in group.element.iter(qn("a:srgbClr"))}
    assert ("5EEAD4" in colours) == dark
    assert ("008370" in colours) != dark


def test_programs_can_be_read_on_a_dark_template(tmp_path):
    found = slides(
        tmp_path, made_by_hand(), "", "## A\n\n```python\nreturn 1  # one\n```\n"
    ).slides[0]
    colours = {f"#{x.get('val')}".lower() for x in found.element.iter(qn("a:srgbClr"))}
    coloured = colours - {f"#{COLOURS['lt1']}", "#1e2c4a"}  # the page, and the edge of programs
    assert len(coloured) >= 3
    assert all(contrast(colour, f"#{COLOURS['lt1']}") >= 4.5 for colour in coloured)


def test_a_long_text_becomes_smaller_than_the_template_says(tmp_path):
    text = "## A\n\n" + "\n".join(f"- a line of text, number {k}" for k in range(14))
    (slide,) = slides(tmp_path, made_by_hand(), "", text).slides
    sizes = {run.font.size for p in slide.placeholders[1].text_frame.paragraphs for run in p.runs}
    assert max(sizes) < Pt(32)


def test_sizes_are_told_as_the_template_makes_them(tmp_path):
    (tmp_path / "own.pptx").write_bytes(made_by_hand())
    text = "## A\n\nA line.\n\n```python\nx = 1\n```\n\n$$x^2$$\n"
    deck = read(f"---\ntemplate: own.pptx\n---\n{text}", "", tmp_path)
    assert [one.text for one in pages.sizes(deck)] == [32.0]  # as the library's masters have it
    (slide,) = opened(pages.deck(deck)).slides
    (usual,) = opened(pages.deck(read(text))).slides
    high = [next(s.height for s in one.shapes if s.name == "formula") for one in (slide, usual)]
    assert high[0] / high[1] == pytest.approx(32 / 18 / TEXT_SIZES[0].text, rel=0.02)


def test_layouts_that_are_missing_are_replaced(tmp_path):
    def poor(made):
        made.slides._sldIdLst.clear()  # the slide is still there, in no list
        for name in ("Title Only", "Section Header", "Title Slide"):
            made.slide_layouts.get_by_name(name).element.set("type", "cust")

    found = slides(tmp_path, made_by_hand(poor)).slides
    assert [found[0].slide_layout.name] == [
        "Title Slide"
    ]  # it has a place for what is under a title
    assert {slide.slide_layout.name for slide in list(found)[1:]} == {"Title and Content"}


def test_a_title_page_without_a_subtitle_loses_nothing(tmp_path):
    def poor(made):
        for layout in made.slide_layouts:
            for shape in list(layout.placeholders):
                if shape.element.ph.get("type") == "subTitle":
                    shape.element.getparent().remove(shape.element)

    cover = slides(tmp_path, made_by_hand(poor)).slides[0]
    assert [x.text_frame.text for x in cover.placeholders] == ["Title", "Below\nA. Lecturer"]


def test_a_template_without_titles_is_refused_when_slides_are_made(tmp_path):
    def bare(made):
        for layout in made.slide_layouts:
            for shape in list(layout.placeholders):
                shape.element.getparent().remove(shape.element)

    with pytest.raises(gs.GraphstepError) as error:
        slides(tmp_path, made_by_hand(bare))
    assert error.value.key == "template_layouts"


def test_equal_decks_have_equal_bytes(tmp_path):
    (tmp_path / "own.pptx").write_bytes(made_by_hand())
    deck = read("---\ntemplate: own.pptx\n---\n## A\n", "", tmp_path)
    assert isinstance(deck.meta.template, Template)
    assert pages.deck(deck) == pages.deck(deck)


def test_a_template_is_opened_once_for_sizes_and_slides(tmp_path, monkeypatch):
    from graphstep.outputs import deck_sizes
    from graphstep.powerpoint import package

    names = []
    monkeypatch.setattr(
        package,
        "Presentation",
        lambda file=None: names.append(file.getvalue()) or Presentation(file),
    )
    data = made_by_hand()
    (tmp_path / "t.pptx").write_bytes(data)
    deck = read(f"---\ntemplate: t.pptx\n---\n{TEXT}", folder=tmp_path)
    package._emptied.cache_clear()
    deck_sizes(deck, "a.pptx")
    pages.deck(deck)
    pages.pictured_deck(deck)
    assert names.count(deck.meta.template.data) == 1
    assert len(names) == 3


def repacked(data, **changed):
    """An archive with some of its parts replaced or added."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as given, ZipFile(out, "w") as made:
        for name in given.namelist():
            if name not in changed:
                made.writestr(name, given.read(name))
        for name, content in changed.items():
            made.writestr(name, content)
    return out.getvalue()


def external(target, kind="image"):
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="a" Type="{RELATIONS}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    )


MASTER = "ppt/slideMasters/_rels/more.xml.rels"
REFUSED = {
    "empty": (b"", "template_broken"),
    "text": (b"no archive", "template_broken"),
    "archive": (repacked(b"PK\5\6" + bytes(18), **{"a.xml": "<a/>"}), "template_broken"),
    "macros": (repacked(made_by_hand(), **{"ppt/vbaProject.bin": b"x"}), "template_active"),
    "object": (repacked(made_by_hand(), **{"ppt/embeddings/a.ole": b"x"}), "template_active"),
    "picture elsewhere": (repacked(made_by_hand(), **{MASTER: external("https://example.org/a.png")}), "template_outside"),
    "file elsewhere": (repacked(made_by_hand(), **{MASTER: external("file:///etc/passwd")}), "template_outside"),
    "script": (repacked(made_by_hand(), **{MASTER: external("javascript:alert(1)", "hyperlink")}), "template_outside"),
    "entities": (repacked(made_by_hand(), **{"ppt/a.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "template_broken"),
    "wide": (repacked(made_by_hand(), **{"ppt/a.xml": '<!DOCTYPE a><a/>'.encode("utf-16")}), "template_broken"),
    "not XML": (repacked(made_by_hand(), **{MASTER: "<a"}), "template_broken"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "key"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_safe_is_refused_with_its_place(data, key, tmp_path):
    with pytest.raises(gs.GraphstepError) as error:
        slides(tmp_path, data)
    assert error.value.key == key
    assert str(error.value).startswith("talk.md, line 6, column 11: ")


def test_a_link_of_a_master_may_lead_to_a_page(tmp_path):
    data = repacked(made_by_hand(), **{MASTER: external("https://example.org", "hyperlink")})
    assert len(slides(tmp_path, data, "", "# A").slides) == 1


def test_bombs_are_not_unpacked(tmp_path, monkeypatch):
    data = repacked(made_by_hand(), **{"ppt/a.xml": bytes(1_000_000)})
    monkeypatch.setattr(vetting, "MOST_UNPACKED", 900_000)
    monkeypatch.setattr(ZipFile, "read", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(gs.GraphstepError) as error:
        slides(tmp_path, data)
    assert error.value.key == "template_large"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("a.pptm", "template_active"),
        ("a.potm", "template_active"),
        ("a.ppt", "template_kind"),
        ("a.pptx", "cannot_read"),
    ],
)
def test_other_files_are_refused(name, key, tmp_path):
    with pytest.raises(gs.GraphstepError) as error:
        read(f"---\ntemplate: {name}\n---\n# A\n", "", tmp_path)
    assert error.value.key == key


def test_a_presentation_that_the_library_cannot_open_is_told(tmp_path):
    def discoloured(made):
        shown = made.slide_master.element.cSld
        for fill in shown.iter(qn("p:bg")):
            shown.remove(fill)
        spaces = f'xmlns:p="{qn("p:x")[1:-2]}" xmlns:a="{qn("a:x")[1:-2]}"'
        paint = f'<p:bg {spaces}><p:bgPr><a:solidFill><a:srgbClr val="red"/></a:solidFill></p:bgPr></p:bg>'
        shown.insert(0, parse_xml(paint))

    for data in (
        repacked(made_by_hand(), **{"ppt/presentation.xml": "<a/>"}),
        made_by_hand(discoloured),
    ):
        with pytest.raises(gs.GraphstepError) as error:
            slides(tmp_path, data)
        assert error.value.key == "template_broken"


def test_formulas_keep_their_colours_and_frames(tmp_path):
    text = "## In $\\color{red}{f}$\n\nA $\\textcolor{value}{x}$ and $\\boxed{y}$.\n"
    slide = slides(tmp_path, made_by_hand(), text=text).slides[-1]
    red = HUES["red"][1].removeprefix("#").upper()
    (run,) = [r for r in slide.shapes.title.text_frame.paragraphs[0].runs if r.text == "f"]
    assert str(run.font.color.rgb) == red
    runs = [r for s in slide.placeholders for p in s.text_frame.paragraphs for r in p.runs]
    coloured = {r.text: r._r.find(f".//{qn('a:solidFill')}/*") for r in runs}
    assert coloured["x"] is not None
    (boxed,) = [r.text for r in runs if r._r.find(f".//{qn('a:highlight')}") is not None]
    assert boxed == "y"
