"""Decks for the tests of PowerPoint, and what is on their slides."""

from io import BytesIO

from pptx import Presentation

import graphstep as gs
from examples import NEURON, NEURON_INPUTS
from graphstep.formulas.tree import Frac, Name, Number, Row, Scripts, Sign
from graphstep.look.png import png
from graphstep.slides import deck as sl

HOSTILE = '<&>"\'\x00\x0b\ud800 a:t &amp; ="rel-0" {x} %s'


DOT = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2" width="400" height="200">'
    b'<circle cx="1" cy="1" r="1"/></svg>'
)


DOT_PNG = png(DOT.decode())


def neuron(**options):
    return gs.stepper(NEURON, inputs=NEURON_INPUTS, **options)


SHAPES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def opened(data):
    """A file as programs see it that know no equations: they take the pictures in their place."""
    made = Presentation(BytesIO(data))
    for slide in made.slides:
        for either in [*slide.element.iter(f"{SHAPES}AlternateContent")]:
            either.getparent().replace(either, either.find(f"{SHAPES}Fallback")[0])
    return made


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
    figure = sl.FigureBlock(s, (0, 2, 3), captions=(0, 2, 3))
    meta = sl.Meta("Градиенты и α", "A. Lecturer", "2030", lang, theme, aspect)
    return sl.Deck(meta, (
        sl.Slide((run("A section"),), (), "said at the section"),
        sl.Slide((run("Texts"), x2), blocks, "said at the texts"),
        sl.Slide((run("More"),), more),
        sl.Slide((run("Steps"),), (para("before"), figure, para("after")), "said at each step"),
        sl.Slide((), (para("no title"),)),
    ))  # fmt: skip


def shapes(container):
    for shape in container.shapes:
        yield shape
        if shape.shape_type == 6:
            yield from shapes(shape)


def texts(slide):
    return [s.text_frame.text for s in shapes(slide) if s.has_text_frame]


# --- figures


def hostile_deck():
    text = run(HOSTILE, link="javascript:alert(1)")
    blocks = (
        sl.Paragraph((text, run("x", link='http://a.b/"<>^ я'))), sl.Heading((text,), 3),
        sl.Items(((), (sl.Paragraph((text,)),)), 1), sl.Code(HOSTILE), sl.Code(""),
        sl.Table((((text,),), ((),)), ("center",)), sl.Quote((sl.Paragraph(()),)),
        sl.Display(sl.Formula(Name(HOSTILE), HOSTILE)), sl.Picture(DOT, ".svg", HOSTILE),
        sl.Paragraph((sl.Formula(Name(HOSTILE), HOSTILE),)),
    )  # fmt: skip
    said = dict.fromkeys(("subtitle", "institute", "footer"), HOSTILE)
    return sl.Deck(
        sl.Meta(HOSTILE, HOSTILE, HOSTILE, **said), (sl.Slide((text,), blocks, HOSTILE),)
    )
