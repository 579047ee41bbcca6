r"""LaTeX: a Beamer document of slides; a figure is one frame whose overlays are its steps.

Text of users is escaped letter by letter; formulas are written from their trees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2s
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..base.errors import one_of
from ..base.words import say
from ..formulas.latex import latex
from ..formulas.tree import Tree
from ..look.style import PAGES, palette_of
from ..slides.arrangement import deck_of
from ..slides.deck import (
    LOGO,
    MARGIN,
    NOTE,
    SIZES,
    SMALL_LOGO,
    Block,
    Code,
    Columns,
    Deck,
    Display,
    FigureBlock,
    Formula,
    Heading,
    Inline,
    Items,
    Meta,
    Paragraph,
    Picture,
    Quote,
    Run,
    Slide,
    Styled,
    Table,
    Timed,
    every_block,
    footer_size,
    plain,
)
from ..slides.design import Design, Fonts
from ..slides.figure_rows import each_frame
from ..slides.legibility import legible_scale
from ..slides.program_text import ProgramLine, longest, program_colours, program_lines
from ..slides.slide_plans import SHARES
from .beamer_forecast import PAPERS, aside, legible_part, near, sizes, space
from .latex_text import address, code, comment, escaped, figure_text, is_cyrillic, portable
from .tikz import colour_definitions, overlay_spec, static, tikz_picture

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame
    from ..slides.figure_rows import RowFrame

__all__ = ["deck", "files_beside", "sizes", "whole"]

DEEPEST = 3  # nested lists and quotes; LaTeX allows six, and Beamer fewer lists
RULE = "=" * 70


def whole(figure: Figure) -> str:
    """A document of one frame with the figure; each step is an overlay."""
    return deck(deck_of(figure))


def deck(deck: Deck) -> str:
    """A document of slides. Its images are separate files: see `files_beside`."""
    one_of("aspect", deck.meta.aspect, SIZES)
    one_of("theme", deck.meta.theme, PAGES)
    body = "\n".join([*_cover(deck), *(_slide(slide, deck.meta) for slide in deck.slides)])
    return "\n".join([*_head(deck, body), r"\begin{document}", body, r"\end{document}", ""])


def files_beside(deck: Deck) -> dict[str, bytes]:
    """The files that the document of a deck includes, by name: its images."""
    images = [image for slide in deck.slides for image in _images(slide)]
    found = {_file(image): image for image in (*images, *filter(None, [deck.meta.logo]))}
    return {name: _content(image) for name, image in found.items()}


# --- the document


def _head(deck: Deck, body: str) -> list[str]:
    """Everything before the slides, including the part to copy into other documents."""
    meta, lang = deck.meta, deck.meta.lang
    look, paper = meta.look, PAPERS[meta.aspect]
    colours = look.inks("default")
    mine = [
        comment(say("tex.made", lang)),
        rf"\documentclass[aspectratio={paper.name}, t]{{beamer}}",
        rf"\newlength\gspoint\setlength\gspoint{{{paper.points(meta.aspect):.5f}pt}}",
        rf"\newif\ifgscyrillic \gscyrillic{str(is_cyrillic(body)).lower()}",
        rf"\newif\ifgsrussian \gsrussian{str(lang == 'ru').lower()}",
        static("document.tex"),
        *_foot(meta),
        *_colours(look),
        *_fonts(look.fonts),
    ]
    theirs = [
        comment(RULE),
        comment(say("tex.copy", lang)),
        *colour_definitions(colours, named=True),
        static("frame.tex"),
        static("picture.tex"),
        comment(say("tex.copied", lang)),
        comment(RULE),
    ]
    return [*mine, *theirs]


def _colours(look: Design) -> Iterator[str]:
    """The colours of pages and programs."""
    colours = {"page": look.paper, "tint": look.shades[0], **program_colours(look)}
    for name, colour in colours.items():
        yield rf"\definecolor{{gs{name}}}{{HTML}}{{{colour[1:].upper()}}}"


def _cover(deck: Deck) -> list[str]:
    """The title page of a deck with a title."""
    meta = deck.meta
    if not meta.title:
        return []
    fields = (rf"\{name}{{{escaped(getattr(meta, name))}}}" for name in TITLE_FIELDS)
    return [*fields, r"\begin{frame}[c, plain]", r"\titlepage", r"\end{frame}"]


TITLE_FIELDS = ("title", "subtitle", "author", "institute", "date")
NUMBERS = {
    "true": r"\insertframenumber\ / \inserttotalframenumber",
    "page": r"\insertframenumber",
    "false": "",
}


def _fonts(fonts: Fonts) -> Iterator[str]:
    """The fonts of a deck, for the engines that know fonts of the system, if it has them."""
    for name, command in (("text", "setsansfont"), ("code", "setmonofont")):
        if family := getattr(fonts, name):
            yield rf"\gsfont{{{family}}}{{\{command}{{{family}}}}}"
    if fonts.title:
        title = rf"\newfontfamily\gstitle{{{fonts.title}}}"
        used = (rf"\setbeamerfont{{{one}}}{{family=\gstitle}}" for one in ("title", "frametitle"))
        yield rf"\gsfont{{{fonts.title}}}{{{title}{''.join(used)}}}"


def _foot(meta: Meta) -> list[str]:
    """What the foot of a frame shows: logo, text and number."""
    part = footer_size(meta.footer, SIZES[meta.aspect][0] - 2 * MARGIN) / NOTE
    after = r"\par\vskip2.4ex" if meta.logo else ""
    text = (
        rf"\scalebox{{{part:.3f}}}{{{escaped(meta.footer)}}}" if part < 1 else escaped(meta.footer)
    )
    return [
        rf"\newcommand\gscoverlogo{{{_logo(meta, LOGO)}{after}}}",
        rf"\newcommand\gslogo{{{_logo(meta, SMALL_LOGO)}}}",
        rf"\newcommand\gsfooter{{{text}}}",
        rf"\newcommand\gsnumber{{{NUMBERS[meta.numbering]}}}",
    ]


def _logo(meta: Meta, largest: tuple[float, float]) -> str:
    """The logo at its largest, in the size of a frame."""
    if meta.logo is None:
        return ""
    wide, high = (PAPERS[meta.aspect].points(meta.aspect) * length for length in largest)
    size = f"width={wide:.1f}pt, height={high:.1f}pt, keepaspectratio"
    return rf"\gsmark{{{size}}}{{{_file(meta.logo)}}}"


def _slide(slide: Slide, meta: Meta) -> str:
    """A slide as a frame; one that opens a part begins a section."""
    title, figure = _inline(slide.title), slide.figure
    begin = rf"\begin{{frame}}{{{title}}}" if title else r"\begin{frame}"
    part = [rf"\section{{{escaped(plain(slide.title))}}}"] if slide.opens_part else []
    if part and not slide.blocks:
        lines = [r"\begin{frame}[c]", rf"  \centering{{\usebeamerfont{{title}}{title}\par}}"]
    elif figure is None:
        lines = [begin, _text(slide.blocks, space(slide))]
    else:
        most = rf"{{{near(slide):g}\textheight}}"
        above, below = (
            [f"{command}{most}{{%", _blocks(blocks, 0), "}"] if blocks else []
            for command, blocks in zip((r"\gsabove", r"\gskept"), slide.around, strict=True)
        )
        begun = rf"\gsspace{{{space(slide)}\textheight}}"
        after = [r"\gsafter"] if below else []
        lines = [begin, begun, *above, *below, _figure(slide, figure, meta), *after]
    return "\n".join(["", comment("-" * 70), *part, *lines, *_notes(slide), r"\end{frame}"])


def _notes(slide: Slide) -> Iterator[str]:
    """The notes of a slide, and what is said at each of its moments."""
    if slide.notes:
        yield rf"\note{{{escaped(slide.notes)}}}"
    for k in range(slide.moments):
        if said := slide.said(k):
            yield rf"\note<{k + 1}>{{{figure_text(said)}}}"


def _text(blocks: Iterable[Block], space: float) -> str:
    """Blocks that are shrunk to at most some part of a frame's height."""
    return "\n".join([rf"\gstext{{{space}\textheight}}{{%", _blocks(blocks, 0), "}"])


# --- a figure


def _figure(slide: Slide, figure: FigureBlock, meta: Meta) -> str:
    """The figure, and the words of each step in the same place below or beside it."""
    frames, timeline = figure.frames, slide.timeline(figure)
    dark, part = meta.theme == "dark", 1 - aside(slide, figure, meta.aspect)
    points = PAPERS[meta.aspect].points(meta.aspect)
    least, most = (points * scale for scale in (legible_scale(figure), SHARES.largest))
    return "\n".join(
        [
            *_coloured(figure, dark),
            rf"\begin{{gsfigure}}{{{least:.4f}}}{{{most:.4f}}}{{{part:g}}}{{{legible_part(meta.aspect)}}}",
            _pictures([frames[k] for k in timeline if k is not None], figure.waits),
            r"\end{gsfigure}",
            r"\gswords{%",
            *(
                _step(_overlays(timeline, k), frame, figure.noted(frame))
                for k, frame in enumerate(frames)
            ),
            "}",
        ]
    )


def _coloured(figure: FigureBlock, dark: bool) -> list[str]:
    """The definitions of a figure's colours, where they are not those of the document."""
    palette = figure.stepper.style.palette
    return [] if palette == "default" else colour_definitions(palette_of(palette)[dark])


def _pictures(shown: list[Frame | RowFrame], waits: int) -> str:
    """The figures beside each other, of which each frame shows one of each."""
    one, *more = (tikz_picture(each, waits) for each in zip(*map(each_frame, shown), strict=True))
    if not more:
        return one
    apart = rf"\hspace{{{SHARES.between:g}pt}}%"
    between = "\n".join(["}%", apart, r"\gsmiddle{%", ""])
    return "\n".join([r"\raisebox{\depth}{\gsmiddle{%", between.join([one, *more]), "}}"])


def _overlays(timeline: Iterable[int | None], k: int) -> str:
    """The overlays of a frame."""
    return overlay_spec([now for now, frame in enumerate(timeline, start=1) if frame == k])


def _step(overlays: str, frame: Frame | RowFrame, noted: bool) -> str:
    """The words under the figure in one step: its equations, or else its caption."""
    lines = [rf"    \gsequation{{{_sides(equation.sides)}}}" for equation in frame.equations]
    if noted or not lines:
        lines.append(rf"    \gs{'aside' if lines else 'caption'}{{{figure_text(frame.caption)}}}")
    return "\n".join([rf"  \gsstep<{overlays}>{{%", *lines, "  }"])


def _sides(sides: Iterable[Tree]) -> str:
    return "".join(rf"\gsside{{{'= ' if k else ''}{_formula(s)}}}" for k, s in enumerate(sides))


# --- blocks


def _block(block: Block, depth: int) -> str:
    return BLOCKS[type(block)](block, depth)


def _blocks(blocks: Iterable[Block], depth: int) -> str:
    return "\n".join(_block(block, depth) for block in blocks)


def _paragraph(block: Paragraph, _: int) -> str:
    if len(block.parts) == 1 and isinstance(block.parts[0], Picture):
        return _shown(block.parts[0], 0)
    return _inline(block.parts) + r"\par"


def _heading(block: Heading, _: int) -> str:
    size = r"\large" if block.level == 2 else r"\normalsize"
    return rf"\vskip.8ex{{{size}\bfseries {_inline(block.parts)}\par}}"


def _items(block: Items, depth: int) -> str:
    """A list; one nested deeper than LaTeX allows becomes text of the list around it."""
    if depth >= DEEPEST:
        return "\n".join(rf"-- {_blocks(item, depth)}" for item in block.items)
    kind = "itemize" if block.start is None else "enumerate"
    first = rf"\gsfrom{{{block.start}}}" if block.start not in (None, 1) else ""
    items = "\n".join(rf"  \item {{}}{_blocks(item, depth + 1)}" for item in block.items)
    if not items:
        return ""
    return "\n".join([rf"\begin{{{kind}}}{first}", items, rf"\end{{{kind}}}"])


def _display(block: Display, _: int) -> str:
    return rf"{{\gscenter\gsfit{{$\displaystyle {_formula(block.formula.tree)}$}}\par}}"


def _quote(block: Quote, depth: int) -> str:
    inside = _blocks(block.blocks, depth + 1)
    if depth >= DEEPEST:
        return inside
    return "\n".join([r"\begin{quote}", inside, r"\end{quote}"])


def _timed(block: Timed, depth: int) -> str:
    """Layers in one place, which is as high as the highest."""
    layers = (
        rf"  \gslayer{{{overlay_spec(sorted(k + 1 for k in layer.moments))}}}"
        rf"{{{_blocks(layer.blocks, depth)}}}" for layer in block.layers
    )  # fmt: skip
    if block.figure is None:
        return "\n".join([r"\gstimed{%", *layers, "}"])
    colours = _coloured(block.figure, block.figure.stepper.style.theme == "dark")
    if block.pictures:
        return "\n".join(["{%", *colours, *_drawn(block), "}"])
    return "\n".join(["{%", *colours, r"\gstimed{%", *layers, "}}"])


def _drawn(block: Timed) -> list[str]:
    """The frames of a figure in a column as one drawing."""
    timeline, one = block.timeline, block.pictures[0]
    shown = (block.pictures[k].frame for k in timeline if k is not None)
    frames = [frame for frame in shown if frame]
    waits = sum(k is None for k in timeline)
    wide = rf"{one.points:.4g}\gspoint"
    return [rf"\gscenter\gsdrawn{{{wide}}}{{%", tikz_picture(frames, waits), r"}\par"]


def _columns(block: Columns, depth: int) -> str:
    """Columns beside each other, their tops in line."""
    gaps = rf"{len(block.shares) - 1}\gsgap"
    inside = (
        rf"\begin{{minipage}}[t]{{{share:.4f}\dimexpr\linewidth-{gaps}\relax}}\raggedright\gstop"
        f"\n{_blocks(blocks, depth)}\n" + r"\end{minipage}"
        for blocks, share in zip(block.columns, block.shares, strict=True)
    )
    beside = (r"\hskip\gsgap" + "\n").join(inside)
    return "\n".join([r"\par\vskip.4ex\noindent", beside, r"\par\vskip.8ex"])


ALIGNED = {"left": r"\raggedright", "center": r"\centering", "right": r"\raggedleft"}


def _styled(block: Styled, depth: int) -> str:
    """Blocks in a group with another side or size."""
    side = rf"\gsaligned{ALIGNED[block.align]}" if block.align else ""
    size = rf"\gssized{{{block.size:.3f}}}" if block.size != 1.0 else ""
    return f"{{{side}{size}%\n{_blocks(block.blocks, depth)}\n\\par}}"


def _code(block: Code, _: int) -> str:
    lines = program_lines(block)
    widest = longest(block)
    inside = (rf"  {{}}{_program_line(line)}\\" for line in lines)
    return "\n".join([rf"\begin{{gscode}}{{{widest}}}", *inside, r"\end{gscode}"])


def _program_line(line: ProgramLine) -> str:
    """A line with its number and its colours, on a background where it is marked."""
    number = rf"{{\color{{gsmuted}}{code(line.number)}\ \ }}" if line.number else ""
    pieces = (
        rf"{{\color{{gs{role}}}{code(text)}}}" if role else code(text) for text, role in line.pieces
    )
    return r"\gspointed " * line.marked + number + "".join(pieces)


TALLER = r"\rule[-1.6ex]{0pt}{4.6ex}"  # rows of a table do not grow by themselves
FRACTION = r"\frac"


def _table(block: Table, _: int) -> str:
    if not block.rows:
        return ""
    rows = [" & ".join(map(_inline, row)) for row in block.rows]
    columns = "".join(align[:1] or "l" for align in block.aligns)
    head = " & ".join(rf"\textbf{{{_inline(cell)}}}" for cell in block.rows[0])
    lines = [rf"  {TALLER if FRACTION in row else ''}{{}}{row}\\" for row in rows[1:]]
    return "\n".join(
        [r"{\gscenter\gsfit{%", rf"\begin{{tabular}}{{@{{}}{columns}@{{}}}}", r"  \hline",
         rf"  {{}}{head}\\ \hline", *lines, r"  \hline", r"\end{tabular}}\par}"]
    )  # fmt: skip


def _shown(block: Picture, _: int) -> str:
    size = rf"[width={block.width:.4g}\linewidth]" if block.width else ""
    if block.points:
        size = rf"[width={block.points:.4g}\gspoint]"
    return rf"{{\gscenter\gspicture{size}{{{_file(block)}}}{{{escaped(block.alt)}}}\par}}"


BLOCKS: Mapping[type, Callable[[Any, int], str]] = MappingProxyType(
    {
        Paragraph: _paragraph, Heading: _heading, Items: _items, Display: _display,
        Quote: _quote, Columns: _columns, Styled: _styled, Code: _code, Table: _table,
        Picture: _shown, Timed: _timed,
    }
)  # fmt: skip


# --- text


def _inline(parts: Iterable[Inline]) -> str:
    return "".join(map(_part, parts))


def _part(part: Inline) -> str:
    if isinstance(part, Formula):
        return f"${_formula(part.tree)}$"
    if isinstance(part, Picture):
        return rf"\gsicon{{{_file(part)}}}{{{escaped(part.alt)}}}"
    return _run(part)


def _formula(tree: Tree) -> str:
    return portable(latex(tree))


def _run(run: Run) -> str:
    """A run of text in its style."""
    if run.text == "\n":
        return r"\\{}"
    shown = code(run.text) if run.code else escaped(run.text)
    for wanted, command in ((run.struck, "gsstruck"), (run.underlined, "underline")):
        if wanted:  # word by word, since such a box cannot be broken
            shown = " ".join(rf"\{command}{{{word}}}" if word else "" for word in shown.split(" "))
    if run.colour:
        shown = rf"\textcolor{{gs{run.colour}}}{{{{}}{shown}}}"  # after which no space is lost
    for wanted, command in ((run.code, "texttt"), (run.italic, "textit"), (run.bold, "textbf")):
        shown = rf"\{command}{{{shown}}}" if wanted else shown
    link = address(run.address)  # in braces, since an & in it would end the cell of a table
    return rf"{{\href{{{link}}}{{\color{{gsaccent}}{shown}}}}}" if link else shown


# --- images


def _file(image: Picture) -> str:
    """The name of an image's file, derived from its content."""
    ending = image.suffix.lower() if image.suffix.lower() in INCLUDED else ".pdf"
    return f"image-{blake2s(image.data, digest_size=5).hexdigest()}{ending}"


INCLUDED = (".png", ".jpg", ".jpeg", ".pdf")
"""Images that LaTeX can include; others are converted to PDF."""


def _content(image: Picture) -> bytes:
    """An image in a format that LaTeX can include. Raises OutputError if it cannot be read."""
    suffix = image.suffix.lower()
    if suffix in INCLUDED:
        return image.data
    from ..look.typst import typeset

    page = "#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
    return typeset(f'{page}#image("image{suffix}")', files={f"image{suffix}": image.data})[0]


def _images(slide: Slide) -> Iterable[Picture]:
    """All images of a slide, at any depth."""
    todo: list[Any] = [slide.title, *every_block(slide.blocks)]
    while todo:
        item = todo.pop()
        if isinstance(item, Picture):
            yield item
        elif isinstance(item, Paragraph | Heading):
            todo.append(item.parts)
        elif isinstance(item, Table):
            todo.extend(item.rows)
        elif isinstance(item, tuple) and not isinstance(item, FigureBlock | Formula | Run):
            todo.extend(item)
