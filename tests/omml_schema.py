"""The schema of OMML, the equations of Office, as tests need it, and formulas held against it."""

import re

from lxml import etree

from graphstep.formulas.tree import Equation
from graphstep.look.style import PALETTES
from graphstep.powerpoint.omml import Look, equations
from graphstep.powerpoint.xml import inks

COLOURS = inks(PALETTES["default"].light, PALETTES["default"].light)
LOOK = Look(20.0, COLOURS, "ru")
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SPACES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:drawing2010="http://schemas.microsoft.com/office/drawing/2010/main"'
)

# The content of each element in shared-math.xsd (ECMA-376, part 1), as a pattern over the names of
# its children; "math" is any structure or run. What is never written here is left out.
MATH = "(?:(?:r|f|sSub|sSup|sSubSup|nary|acc|bar|groupChr|limLow|limUpp|rad|d|m|eqArr|borderBox) )*"
CONTROL = "ctrlPr "
GRAMMAR = {
    "oMathPara": "oMathParaPr oMath ", "oMathParaPr": "jc ", "oMath": MATH,
    "r": "(?:rPr )?a:rPr t ", "rPr": "(?:nor |sty )", "ctrlPr": "a:rPr ",
    "f": "fPr num den ", "fPr": CONTROL, "num": MATH, "den": MATH,
    "sSub": "sSubPr e sub ", "sSubPr": CONTROL, "sSup": "sSupPr e sup ", "sSupPr": CONTROL,
    "sSubSup": "sSubSupPr e sub sup ", "sSubSupPr": CONTROL, "sub": MATH, "sup": MATH, "e": MATH,
    "nary": "naryPr sub sup e ", "naryPr": "chr limLoc (?:subHide )?(?:supHide )?" + CONTROL,
    "acc": "accPr e ", "accPr": "chr " + CONTROL, "bar": "barPr e ", "barPr": "pos " + CONTROL,
    "groupChr": "groupChrPr e ", "groupChrPr": "chr pos vertJc " + CONTROL,
    "limLow": "limLowPr e lim ", "limLowPr": CONTROL, "limUpp": "limUppPr e lim ", "limUppPr": CONTROL,
    "lim": MATH, "rad": "radPr deg e ", "radPr": "(?:degHide )?" + CONTROL, "deg": MATH,
    "d": "dPr e ", "dPr": "begChr endChr " + CONTROL, "eqArr": "eqArrPr (?:e )+", "eqArrPr": CONTROL,
    "m": "mPr (?:mr )+", "mPr": "mcs " + CONTROL, "mcs": "(?:mc )+", "mc": "mcPr ", "mcPr": "count mcJc ",
    "mr": "(?:e )+", "borderBox": "borderBoxPr e ", "borderBoxPr": CONTROL,
}  # fmt: skip
VALUES = {
    "sty": {"p", "b", "i", "bi"}, "jc": {"centerGroup"}, "limLoc": {"undOvr", "subSup"}, "pos": {"top", "bot"},
    "vertJc": {"top", "bot"}, "mcJc": {"left", "center", "right"}, "subHide": {"1"}, "supHide": {"1"}, "degHide": {"1"},
}  # fmt: skip
MAY_BE_EMPTY = {"deg": "degHide", "sub": "subHide", "sup": "supHide"}


def name(element):
    """A tag as the tables above have it."""
    found = etree.QName(element)
    return found.localname if element.tag.startswith(M) else f"a:{found.localname}"


def check_omml(element):
    """Assert that an element and all inside are as the schema says, and that nothing is to fill in."""
    if not element.tag.startswith(M):
        return
    kind, inside = name(element), "".join(f"{name(child)} " for child in element)
    if kind in VALUES:
        assert element.get(f"{M}val") in VALUES[kind]
    if kind not in GRAMMAR:
        assert inside == ""
        return
    assert re.fullmatch(GRAMMAR[kind], inside), (kind, inside)
    if GRAMMAR[kind] == MATH and kind != "oMath" and not inside:
        hidden = MAY_BE_EMPTY[kind]
        assert element.getparent()[0].find(f"{M}{hidden}") is not None
    for child in element:
        check_omml(child)


def omml_of(*formulas, look=LOOK):
    """The root of formulas, one a line."""
    lines = [f.sides if isinstance(f, Equation) else (f,) for f in formulas]
    root = etree.fromstring(f"<p:x {SPACES}>{equations(lines, look)}</p:x>")
    check_omml(root[0][0])
    return root[0][0]


def texts(root):
    return [t.text for t in root.iter(f"{M}t")]
