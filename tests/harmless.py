"""What an output may contain, whatever a user wrote: nothing in it runs, asks for or reads anything."""

from __future__ import annotations

import ast
import io
import re
import zipfile
from html.parser import HTMLParser
from xml.etree.ElementTree import fromstring

from graphstep.look.links import live

ADDRESSES = {"href", "xlink:href", "src", "srcset", "action", "formaction", "data", "poster", "background", "ping", "cite", "manifest", "srcdoc"}  # fmt: skip
ACTIVE = {"iframe", "object", "embed", "form", "base", "link", "frame", "frameset", "applet", "portal", "animate", "set", "foreignobject"}  # fmt: skip
UNWANTED_COMMANDS = """
input include write immediate openin openout read readline catcode csname directlua def edef gdef xdef let futurelet loop repeat expandafter
usepackage RequirePackage verbatiminput lstinputlisting includegraphics special pdfobj pdfximage url XeTeXpicfile scantokens newcommand renewcommand
newread newwrite everypar endinput afterassignment uppercase lowercase jobname
"""
TEX = frozenset(UNWANTED_COMMANDS.split())
TYPST = re.compile(
    r"\b(?:read|image|eval|plugin|include|import|csv|json|toml|yaml|xml|cbor|bibliography|sys|embed)\b"
)

PYTHON = (
    ast.Module, ast.Import, ast.alias, ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Assign, ast.Assert, ast.Expr, ast.Call, ast.keyword, ast.BinOp,
    ast.UnaryOp, ast.Compare, ast.IfExp, ast.If, ast.For, ast.BoolOp, ast.ListComp, ast.comprehension, ast.Subscript, ast.Slice, ast.Tuple, ast.List, ast.Attribute, ast.Name, ast.Constant,
    ast.operator, ast.unaryop, ast.cmpop, ast.boolop, ast.expr_context,
)  # fmt: skip
FILES = frozenset({"load", "save", "savez", "savetxt", "loadtxt", "genfromtxt", "fromfile", "tofile", "memmap", "dump", "dumps", "ctypeslib", "f2py", "os", "sys"})  # fmt: skip


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.scripts = self.styles = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ACTIVE, tag
        self.scripts += tag == "script"
        self.styles += tag == "style"
        for name, text in attrs:
            assert not name.startswith("on"), (tag, name)
            assert name != "style" or "url(" not in text, text
            assert name != "http-equiv" or text == "Content-Security-Policy", text
            if name in ADDRESSES:
                assert text.startswith(("#", "data:image/")) or live(text) == text, (tag, text)


def page(text: str, scripts: int = 2) -> None:
    """A page: its own scripts, and no address but live links and what it contains."""
    parser = _Page()
    parser.feed(text)
    parser.close()
    assert parser.scripts == scripts, parser.scripts


def fragment(text: str, root: str) -> None:
    """SVG or MathML, as XML: one element of a kind, nothing active in it."""
    found = fromstring(text)
    assert found.tag.endswith("}" + root)
    page(text, scripts=0)


def commands(text: str) -> list[str]:
    """The commands in a text of TeX; two backslashes are one command."""
    return [found[1:] for found in re.findall(r"\\(?:[A-Za-z@]+|.)", text, re.DOTALL)]


def tex(text: str) -> None:
    """A document: no command that reads, writes or defines, and nothing behind its end."""
    body = text.partition(r"\begin{document}")[2]
    assert not {*commands(body)} & TEX
    assert "^^" not in body
    assert text.count(r"\end{document}") == 1
    assert text.endswith("\\end{document}\n")


def formula(text: str) -> None:
    """A formula of TeX, closed in itself."""
    assert not {*commands(text)} & TEX
    depth = 0
    for found in re.findall(r"\\.|[{}]", text, re.DOTALL):
        depth += (found == "{") - (found == "}")
        assert depth >= 0, text
    assert depth == 0, text
    assert not re.search(r"(?<!\\)[%#]", re.sub(r"\\\\", "", text)), text


def typst(code: str) -> None:
    """Code of Typst, apart from its strings and escaped characters."""
    bare = re.sub(r'\\.|"(?:\\.|[^"\\])*"', "''", code, flags=re.DOTALL)
    assert '"' not in bare, code
    assert "//" not in bare, code
    assert "/*" not in bare, code
    own = bare.replace("#import '' as deck", "", 1)
    assert not TYPST.search(own), own


def python(text: str) -> None:
    """A program: arithmetic, calls of NumPy, of `math` and of its own functions, and prints of names."""
    tree = ast.parse(text)
    called = {"float", "max", "min", "abs", "print"}
    called |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
        assert isinstance(node, PYTHON), ast.dump(node)
        if isinstance(node, ast.Import):
            assert ast.unparse(node) in ("import math", "import numpy as np")
        if isinstance(node, ast.Call):
            function = node.func
            known = isinstance(function, ast.Attribute) or function.id in called
            assert known, ast.dump(function)
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_"), node.attr
            assert node.attr not in FILES, node.attr
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert re.fullmatch(r"\w+ =|ignore|inf|-inf|nan|F|float32", node.value), node.value


def presentation(data: bytes) -> None:
    """A file of PowerPoint: well-formed, and it leads nowhere but to live links."""
    from pptx import Presentation

    assert len(Presentation(io.BytesIO(data)).slides)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            assert re.fullmatch(r"[\w./\[\]-]+", name), name
            if name.endswith((".xml", ".rels")):
                _part(package.read(name))


def _part(xml: bytes) -> None:
    assert b"<!DOCTYPE" not in xml
    assert b"<!ENTITY" not in xml
    for element in fromstring(xml).iter():
        if element.get("TargetMode") == "External":
            assert live(element.get("Target")) == element.get("Target")
        assert element.get("action", "") in ("", "ppaction://hlinksldjump"), element.attrib
        assert not element.tag.endswith(("oleObj", "control", "custDataLst", "externalData"))
