"""Files that PowerPoint opens without repair, and the private names of python-pptx that they need."""

import ast
import os
import re
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import etree
from pptx import Presentation
from pptx.opc.package import OpcPackage
from presentations import DOT, DOT_PNG, full_deck, hostile_deck, neuron, opened, run

import graphstep
import graphstep as gs
from graphstep.markdown import read_file
from graphstep.powerpoint import pages
from graphstep.powerpoint.package import relations_of
from graphstep.slides import deck as sl


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
    "a:p": "pPr r br fld m endParaRPr",
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


def test_hostile_text_stays_text():
    slide = opened(pages.deck(hostile_deck())).slides[1]
    kept = '<&>"\' a:t &amp; ="rel-0" {x} %s'
    assert slide.shapes.title.text == kept
    assert kept in slide.notes_slide.notes_text_frame.text
    addresses = [r.target_ref for r in slide.part.rels.values() if r.is_external]
    assert addresses == ["http://a.b/%22%3C%3E%5E%20%D1%8F"]


def test_a_file_of_many_slides_is_looked_through_no_more_often(monkeypatch):
    """The library looks through all parts for the next name; so files would take their square."""

    def looked(count):
        s, counted = gs.stepper("f = x * y", x=2, y=3), []
        whole = OpcPackage.iter_rels
        monkeypatch.setattr(OpcPackage, "iter_rels", lambda it: counted.append(it) or whole(it))
        pictures = (
            sl.Picture(DOT.replace(b"400", b"%d" % (400 + k)), ".svg") for k in range(count)
        )
        figure = sl.FigureBlock(s, tuple(range(len(s))))
        slides = (sl.Slide((run("T"),), (picture, figure), "said") for picture in pictures)
        made = opened(pages.deck(sl.Deck(sl.Meta(), tuple(slides))))
        assert len(made.slides) == count * len(s)
        assert all("said" in slide.notes_slide.notes_text_frame.text for slide in made.slides)
        monkeypatch.undo()
        return len(counted)

    assert looked(1) == looked(8) < 10


def test_equal_pictures_are_in_the_file_once():
    picture, figure = sl.Picture(DOT_PNG, ".png"), sl.FigureBlock(neuron(), (0, 1))
    deck = sl.Deck(sl.Meta(), (sl.Slide((run("T"),), (picture, figure)),) * 3)
    with ZipFile(BytesIO(pages.deck(deck))) as archive:
        media = [archive.read(n) for n in archive.namelist() if n.startswith("ppt/media/")]
    assert len(set(media)) == len(media)
    assert media.count(DOT_PNG) == 1


def test_the_lecture_is_a_file_that_can_be_mailed():
    """The goal of `benchmarks/decks.py`. Half of it are pictures of formulas, a quarter shapes."""
    lecture = Path(graphstep.__file__).parent.parent / "examples" / "lecture" / "ru.md"
    assert len(pages.deck(read_file(lecture))) < 1_500_000


# --- the private names

TRIED = ("1.0.0", "1.0.1", "1.0.2")


FOLDER = Path(graphstep.__file__).parent / "powerpoint"


def test_private_names_mean_what_they_meant():
    """With a version that is not listed here, try `make lecture` and open a deck before you add it."""
    assert version("python-pptx") in TRIED
    made = Presentation()
    relations = relations_of(made.part)
    assert any(relation.reltype.endswith("/slideMaster") for relation in relations.values())
    name = next(iter(relations))
    relations.pop(name)
    assert name not in made.part.rels


def test_no_other_line_touches_them():
    private = []
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
                ours = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
                if not ours and node.attr not in ("_replace", "_asdict", "_fields"):
                    private.append((path.name, node.attr))
    assert private == [("package.py", "_rels")]
