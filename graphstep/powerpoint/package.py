"""Pack slides into a file. The only module that uses python-pptx."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from itertools import count
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pptx import Presentation
from pptx.opc.constants import CONTENT_TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE as KIND
from pptx.opc.package import Part, XmlPart
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Emu

from ..base.errors import OutputError, reason
from ..base.words import say
from ..look.style import Colours
from ..painting.svg import escape
from ..slides.deck import BODY, SIZES, Meta, Template
from ..slides.design import Design, contrast
from . import masters
from .xml import EMU, INSET, Rect, clean, emu, named, picture_shape

CREATED = datetime(2000, 1, 1)  # always the same, so that equal decks have equal bytes
RELATION = re.compile(r'="rel-(\d+)"')  # cannot occur in text of users, whose quotes are escaped
UNUSED = {KIND.PRINTER_SETTINGS, KIND.THUMBNAIL, KIND.EXTENDED_PROPERTIES}
IMAGES = {".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml"}
NOTES_LIST = (
    '<p:notesMasterIdLst {namespaces}><p:notesMasterId r:id="{name}"/></p:notesMasterIdLst>'
)


class Media(NamedTuple):
    """A picture: its bytes and its file ending."""

    data: bytes
    suffix: str


class Page(NamedTuple):
    """A slide: its layout, its shapes, its relations, and the speaker's notes.

    A relation is a picture, or an address as text; shapes refer to it by index. `section` is the
    name of the part of the deck that the slide opens, if it does.
    """

    layout: str
    shapes: str
    relations: tuple[Media | str, ...]
    notes: str
    section: str = ""


class Logo(NamedTuple):
    """A picture that master and title page have, with its width and height in points."""

    media: Media
    size: tuple[float, float]
    vector: Media | None = None


class Book(NamedTuple):
    """All slides, with the properties of the deck."""

    meta: Meta
    colours: Colours
    pages: tuple[Page, ...]
    logo: Logo | None = None


def packed(book: Book) -> bytes:
    """The file, with equal bytes for equal slides. Raises OutputError for bad pictures."""
    return _Packer(book).packed()


def pixels(data: bytes, name: str) -> tuple[float, float]:
    """Width and height of a picture in pixels. Raises OutputError if it cannot be read."""
    from pptx.parts.image import Image

    try:
        wide, high = Image.from_blob(data).size
    except Exception as error:  # Pillow raises many kinds of exceptions for broken files
        raise OutputError("picture_broken", path=name, reason=reason(error)) from error
    return float(wide), float(high)


def base_of(meta: Meta) -> masters.Base:
    """What the slides of a deck stand on. Raises OutputError for a template that is no good."""
    if meta.template is None:
        return masters.base(meta)
    try:
        return _emptied(meta.template).base
    except OutputError:
        raise
    except Exception as error:  # whatever a file that is not as PowerPoint writes it may lead to
        raise OutputError("template_broken", path=meta.template.name) from error


class _Emptied(NamedTuple):
    """A template: what it says of slides, and the file without slides of its own."""

    base: masters.Base
    data: bytes


@lru_cache(maxsize=4)  # for the sizes that are told, and for the slides
def _emptied(template: Template) -> _Emptied:
    """Read a template, once."""
    made, out = _opened(template), BytesIO()
    base = _template_base(made, template)
    made.save(out)
    return _Emptied(base, out.getvalue())


def _template_base(made: Any, template: Template) -> masters.Base:
    """What a template says of slides."""
    layouts = _layouts(made, template)
    holders = {kind: _holders(kind, layout) for kind, layout in layouts.items()}
    size = (made.slide_width / EMU, made.slide_height / EMU)
    content = layouts["text"]
    shape = next((x for x in content.placeholders if _is_text(x)), None)
    place = masters.body_place(size)
    if shape is not None and shape.width and shape.height:
        x, y, wide, high = (length / EMU for length in
                            (shape.left, shape.top, shape.width, shape.height))  # fmt: skip
        place = Rect(x + INSET[0], y + INSET[1], wide - 2 * INSET[0], high - 2 * INSET[1])
    return masters.Base(size, place, _look(made), holders, _text_size(content, shape), True)


def _opened(template: Template) -> Any:
    """A template without slides of its own. Raises OutputError if it cannot be opened."""
    try:
        made = Presentation(BytesIO(template.data))
        relations = relations_of(made.part)
        for name in [name for name, rel in relations.items() if rel.reltype == KIND.SLIDE]:
            relations.pop(name)  # those too that are in no list
        made.slide_master.part.part_related_by(KIND.THEME)
    except Exception as error:  # the library raises many kinds for broken files
        raise OutputError("template_broken", path=template.name) from error
    for name in ("p:sldIdLst", "p:custShowLst", "p:extLst"):  # which can name slides
        for found in made.element.findall(qn(name)):
            made.element.remove(found)
    return made


def _layouts(made: Any, template: Template) -> dict[str, Any]:
    """The layout for each kind of slide: that of its type, or else one that can do as well."""
    titled = [one for one in made.slide_layouts if any(map(_is_title, one.placeholders))]
    if not titled:
        raise OutputError("template_layouts", path=template.name)
    types = {one.element.get("type", ""): one for one in reversed(titled)}
    full = next((one for one in titled if any(map(_is_text, one.placeholders))), titled[0])
    content = next((types[name] for name in ("obj", "tx") if name in types), full)
    plain = types.get("titleOnly", content)
    covers = (types.get("title"), *titled)  # what is under the title must not be lost
    under = (one for one in covers if one and any(map(_is_subtitle, one.placeholders)))
    return {"cover": next(under, full), "section": types.get("secHead", plain),
            "text": content, "plain": plain}  # fmt: skip


def _holders(kind: str, layout: Any) -> dict[str, str]:
    """The attributes of the placeholders of a layout that slides fill."""
    tests = {"title": _is_title, "text": _is_text, "footer": _is_footer, "number": _is_number}
    found: dict[str, str] = {}
    for name, test in tests.items():
        shape = next(filter(test, layout.placeholders), None)
        if shape is not None and not (kind == "cover" and name in ("footer", "number")):
            given = shape.element.ph.attrib.items()
            found[name] = " ".join(f'{key}="{escape(value)}"' for key, value in given)
    return found


def _type(shape: Any) -> str:
    return str(shape.element.ph.get("type", "obj"))


def _is_title(shape: Any) -> bool:
    return _type(shape) in ("title", "ctrTitle")


def _is_text(shape: Any) -> bool:
    return _type(shape) in ("obj", "body", "subTitle")


def _is_subtitle(shape: Any) -> bool:
    return _type(shape) == "subTitle"


def _is_footer(shape: Any) -> bool:
    return _type(shape) == "ftr"


def _is_number(shape: Any) -> bool:
    return _type(shape) == "sldNum"


def _text_size(layout: Any, shape: Any) -> float:
    """The size of texts of the first level: that of the placeholder, or else of its master."""
    master = layout.slide_master
    same = [] if shape is None else [shape.element, *(
        x.element for x in master.placeholders if _type(x) == "body")]  # fmt: skip
    paths = [(one, "a:lstStyle") for one in same] + [(master.element, "p:bodyStyle")]
    for root, path in paths:
        for style in root.iter(qn(path)):
            for run in style.findall(f"{qn('a:lvl1pPr')}/{qn('a:defRPr')}"):
                if run.get("sz"):
                    return int(run.get("sz")) / 100
    return BODY


def _look(made: Any) -> Design:
    """The colours of page and ink in a template's first master, and the theme that they suit."""
    master = made.slide_master
    theme = parse_xml(master.part.part_related_by(KIND.THEME).blob)
    mapped = master.element.find(qn("p:clrMap")).attrib
    page, ink = (_shade(theme, mapped.get(name, default))
                 for name, default in (("bg1", "lt1"), ("tx1", "dk1")))  # fmt: skip
    painted = next(master.element.iter(qn("p:bg")), ())
    for fill in (one for part in painted for one in part.iter(qn("a:srgbClr"), qn("a:schemeClr"))):
        name = fill.get("val")  # of a gradient, the first colour
        page = f"#{name}".lower() if "srgb" in fill.tag else _shade(theme, mapped.get(name, name))
        break
    dark = contrast(page, "#ffffff") > contrast(page, "#000000")
    return Design("dark" if dark else "light", page, (("ink", ink),))


def _shade(theme: Any, name: str) -> str:
    """A colour of a theme."""
    found = next(theme.iter(qn(f"a:{name}")), None)
    shade = None if found is None else found[0].get("lastClr") or found[0].get("val")
    return f"#{shade}".lower() if re.fullmatch("[0-9A-Fa-f]{6}", shade or "") else USUAL[name[:2]]


USUAL = {"lt": "#ffffff", "dk": "#000000"}


class _Packer:
    """Builds one file."""

    def __init__(self, book: Book) -> None:
        self.book = book
        template = book.meta.template
        self.made = Presentation(BytesIO(_emptied(template).data) if template else None)
        self.size, self.dark = SIZES[book.meta.aspect], book.meta.theme == "dark"
        self.images: dict[Media, Part] = {}  # the library would look through all parts for each

    def packed(self) -> bytes:
        """The bytes of the file."""
        if template := self.book.meta.template:
            self.layouts = _layouts(self.made, template)
        else:
            self.master()
            self.layouts = {kind: self.layout(kind) for kind in masters.LAYOUTS}
        for page in self.book.pages:
            self.slide(page)
        self.sections()
        self.properties()
        out = BytesIO()
        self.made.save(out)
        return _same_always(out.getvalue())

    def master(self) -> None:
        """Set size, theme and master; remove the rest of the library's template."""
        made, master = self.made, self.made.slide_master
        made.slide_width, made.slide_height = (Emu(emu(length)) for length in self.size)
        made.element.find(qn("p:sldSz")).attrib.pop("type", None)
        for part in (made.part, made.part.package):
            relations = relations_of(part)
            for name in [name for name, rel in relations.items() if rel.reltype in UNUSED]:
                relations.pop(name)
        theme: Any = master.part.part_related_by(KIND.THEME)
        text = masters.themed(theme.blob.decode(), self.book.colours, self.book.meta.look)
        theme.blob = text.encode()
        logo = self.logo(master.part, 1)
        _replace(master.element, "p:cSld", masters.master(self.size, logo))
        _replace(master.element, "p:txStyles", masters.text_styles())
        master.element.find(qn("p:clrMap")).attrib.update(masters.colour_map(self.dark))
        for layout in list(made.slide_layouts):
            if layout.name not in masters.LAYOUTS.values():
                made.slide_layouts.remove(layout)

    def layout(self, kind: str) -> Any:
        """Put our shapes into a layout of the library's template."""
        found = self.made.slide_layouts.get_by_name(masters.LAYOUTS[kind])
        assert found is not None
        logo = self.logo(found.part, 0) if kind == "cover" else ""
        _replace(found.element, "p:cSld", masters.layout(kind, self.size, logo))
        if kind == "cover":
            found.element.set("showMasterSp", "0")  # the small logo
        return found

    def logo(self, part: Any, which: int) -> str:
        """The logo, large or small, as a shape of a part; nothing if the deck has none."""
        if self.book.logo is None:
            return ""
        media, natural, vector = self.book.logo
        names = [self.related(part, one) if one else "" for one in (media, vector)]
        who = named("Logo", self.book.meta.institute)
        return picture_shape(who, masters.logo_places(self.size, natural)[which], *names)

    def slide(self, page: Page) -> None:
        """Add a slide."""
        slide = self.made.slides.add_slide(self.layouts[page.layout])
        names = [self.related(slide.part, target) for target in page.relations]
        shapes = RELATION.sub(lambda found: f'="{names[int(found[1])]}"', page.shapes)
        slide.element.cSld.replace(slide.element.cSld.spTree, _numbered(masters.tree(shapes)))
        if page.notes:
            self.notes(slide.part, page.notes)

    def notes(self, slide: Any, text: str) -> None:
        """Add the speaker's notes of a slide."""
        name = slide.partname.replace("slide", "notesSlide")
        content = _numbered(masters.notes(text, self.book.meta.lang))
        part = XmlPart(PackURI(name), CONTENT_TYPE.PML_NOTES_SLIDE, slide.package, content)
        part.relate_to(self.made.part.notes_master_part, KIND.NOTES_MASTER)
        part.relate_to(slide, KIND.SLIDE)
        slide.relate_to(part, KIND.NOTES_SLIDE)

    def related(self, slide: Any, target: Media | str) -> str:
        """Relate a slide to an address or a picture, and return the relation's name."""
        if isinstance(target, str):
            return str(slide.relate_to(target, KIND.HYPERLINK, is_external=True))
        if target not in self.images:
            name = PackURI(f"/ppt/media/image{len(self.images) + 1}{target.suffix}")
            self.images[target] = Part(name, IMAGES[target.suffix], slide.package, target.data)
        return str(slide.relate_to(self.images[target], KIND.IMAGE))

    def sections(self) -> None:
        """Group the slides by the parts of the deck, if it has parts.

        Slides before the first part are in one too, since PowerPoint wants each to be in one.
        """
        pages, meta = self.book.pages, self.book.meta
        if not any(page.section for page in pages):
            return
        listed: list[tuple[str, list[str]]] = []
        for page, slide in zip(pages, self.made.slides, strict=True):
            if page.section or not listed:
                name = page.section or meta.title or say("shape.beginning", meta.lang)
                listed.append((clean(name), []))
            listed[-1][1].append(str(slide.slide_id))
        whole = self.made.element
        found = whole.find(qn("p:extLst"))
        if found is None:
            found = parse_xml(f"<p:extLst {masters.NAMESPACES}/>")
            whole.append(found)
        found.append(parse_xml(masters.sections(listed)))

    def properties(self) -> None:
        """Set the file's properties: those of the deck, and no current time or user name."""
        meta, core = self.book.meta, self.made.core_properties
        core.title, core.author, core.language = (
            clean(text)[:255] for text in (meta.title, meta.author, meta.lang)
        )
        core.comments, core.last_modified_by = "", core.author
        core.created = core.modified = CREATED
        relations = relations_of(self.made.part)
        for name in [n for n, rel in relations.items() if rel.reltype == KIND.NOTES_MASTER]:
            listed = parse_xml(NOTES_LIST.format(namespaces=masters.NAMESPACES, name=name))
            self.made.element.sldMasterIdLst.addnext(listed)


# --- private names of python-pptx; a test lists the versions in which they were tried


def relations_of(part: Any) -> Any:
    """The relations of a part by name; the public `rels` cannot delete one."""
    return part._rels


def _replace(element: Any, tag: str, text: str) -> None:
    """Replace one child of an element."""
    element.replace(element.find(qn(tag)), _numbered(text))


def _numbered(text: str) -> Any:
    """Parse shapes and number their ids: 1 for the tree itself, then from 2."""
    made, ids = parse_xml(text), count(1)
    for who in made.iter(qn("p:cNvPr")):
        who.set("id", str(next(ids)))
    return made


def _same_always(data: bytes) -> bytes:
    """An archive packed as small as it can be, with no times, so that its bytes do not change."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as given, ZipFile(out, "w", ZIP_DEFLATED, compresslevel=9) as made:
        for entry in given.infolist():
            made.writestr(ZipInfo(entry.filename), given.read(entry), ZIP_DEFLATED, 9)
    return out.getvalue()
