"""A deck in the browser: one page, in which reveal.js turns slides and the player steps figures.

Each frame after a figure's first is a fragment. The page is self-contained: it holds its scripts,
styles, pictures and the font of formulas, and its policy lets nothing else run or load.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..base.errors import one_of
from ..base.words import known_language, say
from ..formulas.mathml import mathml, shades, sides, styles
from ..formulas.tree import Equation
from ..look.fonts import CODE, TEXT, mathematics
from ..look.style import PAGES, palette_of
from ..painting.svg import escape
from ..slides.arrangement import deck_of
from ..slides.deck import (
    BODY,
    LOGO,
    MARGIN,
    NOTE,
    SIZES,
    SMALL_LOGO,
    TITLE,
    UNDER_TITLE_GAP,
    UNDER_TITLE_SIZES,
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
from ..slides.figure_rows import FigureRow, each_figure, each_frame
from ..slides.legibility import SlideSizes, legible_scale
from ..slides.program_text import ProgramLine, program_colours, program_lines
from ..slides.slide_plans import GAPS, SHARES, as_data
from ..slides.text_forecast import sizes as forecast
from ..slides.too_wide import WRAPPED, too_wide
from .assets import colours, data_uri, drawn, fingerprint, image_uri, script, source
from .payload import as_json, bare, title
from .still import in_html

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame
    from ..slides.figure_rows import RowFrame

__all__ = ["deck", "sizes", "whole"]

TYPES = {".svg": "svg+xml", ".jpg": "jpeg"}  # media types that differ from the file's ending


def whole(figure: Figure) -> str:
    """A figure alone as a deck."""
    return deck(deck_of(figure))


def sizes(deck: Deck) -> list[SlideSizes]:
    """About the sizes of each slide."""
    found = zip(deck.slides, forecast(deck), strict=True)
    return [too_wide(slide, deck.meta.aspect, size, WRAPPED) for slide, size in found]


def deck(deck: Deck) -> str:
    """A page with all slides."""
    meta = deck.meta
    one_of("aspect", meta.aspect, SIZES)
    one_of("theme", meta.theme, PAGES)
    slides = "".join(_sections(deck))
    style, script = _style(deck), _script()
    sheets = [_common(), style]
    if meta.look.css:
        sheets.append(meta.look.css)
    if "<math" in slides:
        sheets.append(_font())
    head = escape(meta.title or _name(deck))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(meta.lang)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(meta, sheets)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="author" content="{escape(meta.author)}">\n<title>{head}</title>\n'
        f"{''.join(f'<style>{sheet}</style>' for sheet in sheets)}\n</head>\n<body>\n"
        f'<div class="reveal"><div class="slides">\n{slides}</div></div>\n'
        f'<script type="application/json" id="gs-deck">{as_json(_data(meta))}</script>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _name(deck: Deck) -> str:
    """The name of a deck without a title: that of its first slide or first figure."""
    titles = (plain(slide.title) for slide in deck.slides)
    figures = (title(each_figure(slide.figure.stepper)[0]) for slide in deck.slides if slide.figure)
    return next(filter(None, titles), "") or next(figures, "")


# --- the page


def _data(meta: Meta) -> dict[str, Any]:
    wide, high = SIZES[meta.aspect]
    labels = {
        selector: say(f"reveal.{key}", known_language(meta.lang))
        for selector, key in LABELS.items()
    }
    return {"width": wide, "height": high, "labels": labels, "plans": as_data(),
            "numbering": meta.numbering}  # fmt: skip


LABELS = {
    ".navigate-left": "back",
    ".navigate-right": "forward",
    ".resume-button": "resume",
}
"""The controls of reveal.js, and the words for them."""


@cache
def _script() -> str:
    """All scripts as one; nothing in them closes the script element."""
    notices = map(_notice, ("fitty", "marked"))
    parts = [source("reveal/reveal.js"), source("reveal/notes.js"), *notices]
    own = f"(() => {{\n{script('deck')}\n}})();"
    return re.sub(r"<(?=!--|/?script)", r"\\x3C", "\n".join([*parts, own]), flags=re.IGNORECASE)


def _notice(name: str) -> str:
    """The licence of a library inside reveal.js, as a comment: it has to be in every copy."""
    return f"/*! {name}\n{source(f'reveal/{name}-LICENSE').strip()}\n*/"


@cache
def _common() -> str:
    """The styles of all decks."""
    # the style of reveal.js for paper hides titles and formulas; `deck.css` has another
    reveal = source("reveal/reveal.css").partition("@media print{")[0]
    return reveal + drawn() + source("deck.css")


@cache
def _font() -> str:
    return (
        '@font-face{font-family:"STIX Two Math";font-display:block;'
        f"src:url(data:font/woff2;base64,{mathematics()})}}"
    )


@cache
def _known(text: str) -> str:
    return fingerprint(text)


def _style(deck: Deck) -> str:
    """The styles of this deck: sizes, colours, its figures."""
    meta = deck.meta
    look = meta.look
    ink, (tint, line) = look.inks("default"), look.shades
    wide, high = SIZES[meta.aspect]
    sizes = {"wide": wide, "tall": high, "edge": MARGIN, "title": TITLE, "body": BODY, "note": NOTE,
             "foot": footer_size(meta.footer, wide - 2 * MARGIN)}  # fmt: skip
    below = {f"size-{name}": f"{size:g}" for name, size in UNDER_TITLE_SIZES.items()}
    named = {
        **{name: f"{size:g}px" for name, size in sizes.items()}, **below,
        "page": look.paper, "ink": ink.ink, "muted": ink.muted, "accent": ink.accent,
        "tint": tint, "line": line, "scheme": meta.theme, **_shares(),
        **_families(look.fonts), "gap-title": f"{UNDER_TITLE_GAP:g}",
    }  # fmt: skip
    root = ";".join(f"--{name}:{value}" for name, value in named.items())
    blocks = [block for slide in deck.slides for block in every_block(slide.blocks)]
    runs = [slide.figure for slide in deck.slides if slide.figure]
    inset = [block.figure for block in blocks if isinstance(block, Timed) and block.figure]
    steppers = {one.scope: one for run in (*runs, *inset) for one in each_figure(run.stepper)}
    figures = [_figure_style(scope, s, meta.theme) for scope, s in steppers.items()]
    figures += dict.fromkeys(_row_style(block.stepper) for block in runs)
    paper = f"@page{{size:{wide:g}px {high:g}px;margin:0}}"
    formulas = styles(":is(.reveal,.gs-paper)", ink)
    drawn = f"{''.join(figures)}{_block_styles(blocks, look)}"
    return f":root{{{root}}}{paper}{_logo(meta)}{formulas}{drawn}"


def _families(fonts: Fonts) -> dict[str, str]:
    """The fonts of texts, titles and program text, each before those that it is replaced by."""
    kinds = ((TEXT, "Verdana,Geneva,sans-serif"),) * 2 + ((CODE, "Menlo,Consolas,monospace"),)
    named = zip(fonts._fields, fonts.families, kinds, strict=True)
    return {f"font-{name}": ",".join([*(f'"{f}"' for f in dict.fromkeys((family, usual))), other])
            for name, family, (usual, other) in named}  # fmt: skip


def _logo(meta: Meta) -> str:
    """The logo, once, in the two sizes in which it is shown; nothing without one."""
    if meta.logo is None:
        return ""
    boxes = ((name, *size) for name, size in ((".gs-cover", LOGO), (".gs-foot", SMALL_LOGO)))
    sizes = (f"{name} .gs-logo{{width:{w:g}px;height:{h:g}px}}" for name, w, h in boxes)
    return f".gs-logo{{background-image:url({_source(meta.logo)})}}{''.join(sizes)}"


def _block_styles(blocks: Iterable[Block], look: Design) -> str:
    """The widths of columns, and colours of programs: no element has a style of its own."""
    colours = program_colours(look)
    colour = colours.pop("mark")  # also beside the line, where a margin would make it wider
    shadow = f"box-shadow:-1em 0 {colour},1em 0 {colour}"
    marked = {"gs-marked": f"background:{colour};{shadow}"}
    inks = {f"gs-is-{role}": f"color:{ink}" for role, ink in colours.items()}
    rules = dict[str, str]()
    for block in blocks:
        if isinstance(block, Columns):
            rules |= {_part_class(share): f"flex:{share:.4g} 1 0" for share in block.shares}
        elif isinstance(block, Styled):
            rules[_size_class(block.size)] = f"font-size:{block.size:.4g}em"
        elif isinstance(block, Code):
            rules |= inks | marked
        elif isinstance(block, Timed) and block.pictures:
            wide = block.pictures[0].points
            rules[f"gs-inset.{_inset_class(wide)}>*"] = f"width:min(100%,{wide:.1f}px)"
    return "".join(f".{name}{{{rule}}}" for name, rule in sorted(rules.items()))


def _shares() -> dict[str, str]:
    """The table of shares and gaps, as variables of the style sheet."""
    return {
        **{f"gap-{name}": f"{gap:g}em" for name, gap in GAPS._asdict().items()},
        "gap-aside": f"{GAPS.aside * BODY:g}px",
        "share-picture": f"{SHARES.picture:g}",
        "share-row": f"{SHARES.row:.0%}", "share-caption": f"{SHARES.caption:.0%}",
        "size-caption": f"{SHARES.caption_size:g}em",
    }  # fmt: skip


def _figure_style(scope: str, stepper: Figure, theme: str) -> str:
    """The colours of a figure and its formulas, and its size."""
    wide, high = stepper.extent
    ink = getattr(palette_of(stepper.style.palette), theme)
    return (
        f".{scope}.graphstep-figure{{aspect-ratio:{wide:g}/{high:g};"
        f"width:min(100%,{SHARES.largest * wide:.1f}px)}}"
        f"{colours(stepper)}{shades(f'.for-{scope}', ink.parts)}"
    )


def _row_style(row: Figure | FigureRow) -> str:
    """The sizes of figures beside each other, as parts of what they take together."""
    if not isinstance(row, FigureRow):
        return ""
    (wide, high), parts = row.extent, list[str]()
    for k, figure in enumerate(row.figures, start=1):
        part = figure.extent[0] / wide
        parts.append(f".{row.scope}>:nth-child({k}){{width:{part:.4%}}}")
    return (
        f".{row.scope}{{aspect-ratio:{wide:g}/{high:g};"
        f"width:min(100%,{SHARES.largest * wide:.1f}px)}}{''.join(parts)}"
    )


def _policy(meta: Meta, sheets: Iterable[str]) -> str:
    """The page's policy: only its own content and the speaker's view may run and load."""
    wide, high = SIZES[meta.aspect]
    speaker_style, speaker_script, hidden = _speaker()
    styles = [*sheets, speaker_style, *(sheet.format(wide=wide, high=high) for sheet in PRINTED)]
    return (
        f"default-src 'none'; style-src {' '.join(map(_known, styles))}; "
        f"style-src-attr 'unsafe-hashes' {' '.join(map(_known, hidden))}; "
        f"script-src {_known(_script())} {_known(speaker_script)}; img-src data:; "
        "font-src data:; frame-src 'self' file:; base-uri 'none'; form-action 'none'"
    )


PRINTED = (
    "@page{{size:{wide:g}px {high:g}px; margin: 0px;}}",
    ".reveal section>img, .reveal section>video, .reveal section>iframe"
    "{{max-width: {wide:g}px; max-height:{high:g}px}}",
)
"""The styles that reveal.js adds for printing."""


@cache
def _speaker() -> tuple[str, str, tuple[str, ...]]:
    """Style, script and inline styles of the speaker's view, which reveal.js writes."""
    view = source("reveal/notes.js").partition("document.write(`")[2].partition("`)")[0]
    view = view.replace("<\\/", "</").replace("\\xA0", "\xa0").replace("\\\\", "\\")
    inside = [
        re.findall(f"<{name}>(.*?)</{name}>", view, re.DOTALL) for name in ("style", "script")
    ]
    return inside[0][0], inside[1][0], tuple(dict.fromkeys(re.findall(r' style="(.*?)"', view)))


# --- slides


def _sections(deck: Deck) -> Iterator[str]:
    """One element a slide."""
    meta = deck.meta
    foot = _foot(meta)
    if meta.title:
        yield _section(_cover(meta), "", "gs-cover")
    for slide in deck.slides:
        if slide.opens_part and not slide.blocks:
            inside = f"<h1>{_inline(slide.title)}</h1>{foot}"
            yield _section(inside, _notes(slide.notes), "gs-chapter")
        else:
            yield _slide(slide, meta.theme, foot)
    if not meta.title and not deck.slides:
        yield _section(foot, "")


def _section(page: str, notes: str, kind: str = "") -> str:
    kinds = f"gs-page {kind}".strip()
    return f'<section><div class="{kinds}">{page}</div>{notes}</section>\n'


def _cover(meta: Meta) -> str:
    logo = '<div class="gs-logo"></div>' if meta.logo else ""
    below = [f'<p class="gs-{name}">{escape(text)}</p>' for name, text in meta.under_title]
    return f"{logo}<h1>{escape(meta.title)}</h1><hr>{''.join(below)}"


def _foot(meta: Meta) -> str:
    """The logo and the text at the foot of slides."""
    logo = '<div class="gs-logo"></div>' if meta.logo else ""
    words = f"<p>{escape(meta.footer)}</p>" if meta.footer else ""
    return f'<div class="gs-foot">{logo}{words}</div>' if logo or words else ""


def _slide(slide: Slide, theme: str, foot: str) -> str:
    """A slide with text, or with a figure and the blocks above and below it."""
    head = f"<h2>{_inline(slide.title)}</h2>" if slide.title else ""
    figure = slide.figure
    if figure is None:
        largest = ' data-largest="1"' if slide.keeps_size else ""
        body = f'<div class="gs-body"{largest}>{_blocks(slide.blocks)}</div>'
    else:
        above, below = map(_blocks, slide.around)
        run = _run(figure, slide.timeline(figure), theme)
        inside = f"{above}{run}{below}{_told(figure)}"
        body = f'<div class="gs-body gs-around">{inside}</div>'
    fragments = (
        f'<div class="fragment" data-fragment-index="{k - 1}">{_notes(slide.said(k))}</div>'
        for k in range(1, slide.moments)
    )
    spoken = _notes(slide.notes, slide.said(0))
    return _section(f"{head}{body}{foot}", spoken + "".join(fragments))


def _notes(*texts: str) -> str:
    """The notes of the speaker; each line is a paragraph."""
    lines = [line for text in texts for line in text.splitlines() if line.strip()]
    inside = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<aside class="notes">{inside}</aside>' if inside else ""


# --- figures


def _run(block: FigureBlock, timeline: Sequence[int | None], theme: str) -> str:
    """The figures of a block, and the words of each of its frames."""
    row, views = block.stepper, [each_frame(frame) for frame in block.frames]
    said = _stack(f"gs-said for-{each_figure(row)[0].scope}", block, map(_said, block.frames))
    made = [
        _figure(figure, [None if k is None else views[k][at].index for k in timeline], theme)
        for at, figure in enumerate(each_figure(row))
    ]
    inside = made[0]
    if isinstance(row, FigureRow):
        size = "{:g} {:g}".format(*row.extent)
        inside = f'<div class="gs-row-of {row.scope}" data-size="{size}">{"".join(made)}</div>'
    inside += f'<div class="gs-words">{said}</div>'
    return f'<div class="gs-run" data-legible="{legible_scale(block):.4f}">{inside}</div>'


def _figure(figure: Figure, shown: list[int | None], theme: str) -> str:
    """A figure with empty slots, and its data: the frame of each moment."""
    wide, high = figure.extent
    data = {**bare(figure), "theme": theme, "shown": shown}
    last = figure.every_frame[next(k for k in reversed(shown) if k is not None)]
    picture = image_uri(last.picture(theme))
    return (
        f'<div class="graphstep-figure {figure.scope}" data-theme="{theme}" '
        f'data-size="{wide:g} {high:g}" lang="{figure.lang}">'
        f'<img class="gs-fallback" loading="lazy" alt="{escape(last.caption)}" src="{picture}">'
        f'<div class="gs-stage" hidden>{figure.stage}</div>'
        f'<script type="application/json">{as_json(data)}</script></div>'
    )


def _told(figure: FigureBlock) -> str:
    """The captions of frames that also have formulas, if the figure shows captions."""
    if not any(map(figure.noted, figure.frames)):
        return ""
    texts = (in_html(frame.caption) if figure.noted(frame) else "" for frame in figure.frames)
    return _stack("gs-told", figure, texts)


def _stack(kind: str, figure: FigureBlock, parts: Iterable[str]) -> str:
    """The words of each frame, of which one is visible at a time, in a box as large as any."""
    inside = "".join(
        f'<div data-k="{k + figure.waits}">{part}</div>' for k, part in enumerate(parts)
    )
    return f'<div class="gs-stack {kind}" lang="{figure.stepper.lang}">{inside}</div>'


def _said(frame: Frame | RowFrame) -> str:
    """The formulas of a frame or, if it has none, its caption."""
    if frame.equations:
        return "".join(map(_equation, frame.equations))
    return f"<p>{in_html(frame.caption)}</p>"


def _equation(equation: Equation) -> str:
    """An equation, one formula a side, so that lines can break before each "=" but the first."""
    one, *more = sides(equation)
    head = f'<span class="gs-whole">{"".join([one, *more[:1]])}</span>'
    return f'<div class="gs-equation">{"<wbr>".join([head, *more[1:]])}</div>'


# --- texts


def _inline(parts: Iterable[Inline]) -> str:
    """A line of text, formulas and icons."""
    return "".join(INLINE[type(part)](part) for part in parts)


def _text(run: Run) -> str:
    """A run of text in its style."""
    inside = "<br>".join(map(escape, run.text.split("\n")))
    for name, tag in TAGS.items():
        if getattr(run, name):
            inside = f"<{tag}>{inside}</{tag}>"
    if run.colour:
        inside = f'<span class="gs-{run.colour}">{inside}</span>'
    if run.address:
        return f'<a href="{escape(run.address)}" target="_blank" rel="noopener">{inside}</a>'
    return inside


TAGS = {"code": "code", "bold": "strong", "italic": "em", "struck": "s", "underlined": "u"}


def _image(picture: Picture, kind: str = "gs-icon") -> str:
    wide = f"{picture.width:.4%}" if picture.width else f"{picture.points:.4g}"
    wide = f' width="{wide}"' if (picture.width or picture.points) and kind == "gs-picture" else ""
    return f'<img class="{kind}" alt="{escape(picture.alt)}" src="{_source(picture)}"{wide}>'


def _source(picture: Picture) -> str:
    """An image as its own address."""
    media = TYPES.get(picture.suffix.lower(), picture.suffix.lower().removeprefix("."))
    return data_uri(picture.data, escape(media))


INLINE: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {Run: _text, Formula: lambda part: mathml(part.tree), Picture: _image}
)
"""How each part of a line is written."""


def _blocks(blocks: Iterable[Block]) -> str:
    """Blocks, one below the other."""
    return "".join(BLOCKS[type(block)](block) for block in blocks)


def _heading(block: Heading) -> str:
    name = f"h{min(block.level + 1, 6)}"
    return f"<{name}>{_inline(block.parts)}</{name}>"


def _items(block: Items) -> str:
    inside = "".join(f"<li>{_blocks(item)}</li>" for item in block.items)
    if block.start is None:
        return f"<ul>{inside}</ul>"
    return f'<ol start="{block.start}">{inside}</ol>'


def _columns(block: Columns) -> str:
    inside = "".join(
        f'<div class="gs-column {_part_class(share)}">{_blocks(blocks)}</div>'
        for blocks, share in zip(block.columns, block.shares, strict=True)
    )
    return f'<div class="gs-columns">{inside}</div>'


def _part_class(share: float) -> str:
    """The class of columns that take a part of the width."""
    return f"gs-part-{round(1000 * share)}"


def _styled(block: Styled) -> str:
    names = ["gs-styled", f"gs-to-{block.align}" * bool(block.align)]
    names.append(_size_class(block.size) * (block.size != 1))
    return f'<div class="{" ".join(filter(None, names))}">{_blocks(block.blocks)}</div>'


def _size_class(size: float) -> str:
    """The class of texts whose size is a part of that around them."""
    return f"gs-size-{round(100 * size)}"


def _code(block: Code) -> str:
    lines = "".join(map(_program_line, program_lines(block)))
    wide = f' data-wide="{"0" * block.letters}"' if block.letters else ""
    return f"<pre><code{wide}>{lines.removesuffix(LINE_END)}</span></code></pre>"


def _program_line(line: ProgramLine) -> str:
    """A line of a program with its end, so that copies have it, too."""
    inside = "".join(
        f'<span class="gs-is-{piece.role}">{escape(piece.text)}</span>'
        if piece.role else escape(piece.text) for piece in line.pieces
    )  # fmt: skip
    number = f' data-number="{line.number}"' if line.number else ""
    kind = ' class="gs-marked"' if line.marked else ""
    return f"<span{kind}{number}>{inside}{LINE_END}"


LINE_END = "\n</span>"
"""The end of a line, which is in its element: between elements it would be another line."""


def _timed(timed: Timed) -> str:
    """Layers in one place, which is as high as the highest; a figure in a column as one."""
    if timed.pictures:
        return _inset(timed)
    kinds = "gs-stack gs-timed" + (f" for-{_stepper(timed).scope}" if timed.figure else "")
    layers = (
        f'<div data-at="{" ".join(map(str, sorted(layer.moments)))}">{_blocks(layer.blocks)}</div>'
        for layer in timed.layers
    )
    return f'<div class="{kinds}">{"".join(layers)}</div>'


def _inset(timed: Timed) -> str:
    """A figure in a column, which steps."""
    pictures, stepper = timed.pictures, _stepper(timed)
    frames = [one.frame.index for one in pictures if one.frame]
    shown = [None if k is None else frames[k] for k in timed.timeline]
    made = _figure(stepper, shown, stepper.style.theme)
    return f'<div class="gs-inset {_inset_class(pictures[0].points)}">{made}</div>'


def _stepper(timed: Timed) -> Figure:
    """The figure in a column."""
    assert timed.figure
    (figure,) = each_figure(timed.figure.stepper)
    return figure


def _inset_class(wide: float) -> str:
    """The class of figures in columns with a width in points."""
    return f"gs-wide-{round(10 * wide)}"


def _table(block: Table) -> str:
    head, *rows = block.rows
    body = "".join(f"<tr>{_cells(row, block.aligns, 'td')}</tr>" for row in rows)
    return (
        f"<table><thead><tr>{_cells(head, block.aligns, 'th')}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _cells(row: Iterable[tuple[Inline, ...]], aligns: Iterable[str], name: str) -> str:
    return "".join(
        f'<{name} class="gs-{align}">{_inline(cell)}</{name}>'
        for cell, align in zip(row, aligns, strict=False)
    )


BLOCKS: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {
        Paragraph: lambda block: f"<p>{_inline(block.parts)}</p>",
        Heading: _heading,
        Items: _items,
        Display: lambda block: (
            f'<div class="gs-display">{mathml(block.formula.tree, display=True)}</div>'
        ),
        Quote: lambda block: f"<blockquote>{_blocks(block.blocks)}</blockquote>",
        Columns: _columns,
        Styled: _styled,
        Code: _code,
        Table: _table,
        Picture: lambda block: _image(block, "gs-picture"),
        Timed: _timed,
    }
)
"""How each kind of block is written."""
