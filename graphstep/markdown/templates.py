"""Templates of PowerPoint: files of users, which are vetted before anything else opens them."""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from ..base.errors import InputError, readable
from ..base.files import read
from ..look.links import live
from ..slides.deck import Template
from .source_places import Files

ENDING = ".pptx"
MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 50_000_000, 300_000_000, 5_000
MACROS = re.compile(
    r"vbaProject|macroEnabled|\.bin$|/activeX/|/embeddings/|\.(?:exe|js|vbs|ole)$", re.IGNORECASE
)
DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
SLIDES = re.compile(r"ppt/(?:notesSlides|slides|comments)/")
"""Parts that are left out: the slides of the template itself."""
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def read_template(name: str, files: Files) -> Template:
    """The template in a file beside a deck. Raises InputError for one that is not safe to use."""
    path = files.find(name)
    if path.suffix.lower() != ENDING:
        macros = path.suffix.lower() in (".pptm", ".potm", ".ppsm", ".ppam")
        raise InputError("template_active" if macros else "template_kind", path=name)
    with readable(name):
        data = read(path, MOST_BYTES)
    try:
        _vet(data, name)
    except (BadZipFile, ElementTree.ParseError, RuntimeError, NotImplementedError, OSError,
            EOFError, ValueError) as error:  # fmt: skip
        raise InputError("template_broken", path=name) from error
    return Template(data, name)


def _vet(data: bytes, name: str) -> None:
    """Refuse what is too large, what runs, and what names files or addresses outside."""
    with ZipFile(BytesIO(data)) as packed:
        entries = packed.infolist()
        if len(entries) > MOST_PARTS or sum(e.file_size for e in entries) > MOST_UNPACKED:
            raise InputError("template_large", path=name, most=MOST_UNPACKED // 1_000_000)
        names = [entry.filename for entry in entries]
        if "ppt/presentation.xml" not in names or len(set(names)) < len(names):
            raise InputError("template_broken", path=name)
        for part in names:
            if MACROS.search(part) and not part.startswith("ppt/printerSettings/"):
                raise InputError("template_active", path=name)
            if part.endswith((".xml", ".rels")):
                _vet_part(part, packed.read(part), name)


def _vet_part(part: str, content: bytes, name: str) -> None:
    """Refuse a part with declarations, macros, or relations to what is outside."""
    if DECLARED.search(content) or b"\0" in content:  # in UTF-16 they would not be found
        raise InputError("template_broken", path=name)
    if part == "[Content_Types].xml" and MACROS.search(content.decode("utf-8")):
        raise InputError("template_active", path=name)
    if not part.endswith(".rels") or SLIDES.match(part):
        return
    for relation in ElementTree.fromstring(content).iter(RELATION):
        kind = relation.get("Type", "").rpartition("/")[2]
        target = relation.get("Target", "")
        if relation.get("TargetMode") == "External" and not (kind == "hyperlink" and live(target)):
            raise InputError("template_outside", path=name, target=target)
