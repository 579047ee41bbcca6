"""Pictures in SVG from anybody: what may be in them, and a plain copy of those that pass.

SVG is a language: it can name files and addresses, run scripts, hold other languages, and describe
in a few letters what takes all memory to draw. Readers of SVG differ in what they do of this. So
what is not a drawing is refused here, for all of them, and what is passed on is not the file but
its elements, written anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import nan
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import C14NWriterTarget, Element, TreeBuilder, XMLParser

from ..base.errors import InputError, reason
from .svg_references import SVG, check_references, local, references
from .trial import can_be_drawn

MOST_DEPTH = 40  # elements inside each other, as they are drawn; resvg crashes between 120 and 250
MOST_ELEMENTS = 100_000  # as they are drawn: what is used twice counts twice
FEW_ELEMENTS = 5_000  # that are drawn without a trial
LEAST_SIDE, MOST_SIDE = 1, 100_000  # pixels of CSS
COSTLY = frozenset(("filter", "pattern", "mask", "marker"))
"""Elements whose cost is not seen in the file."""
MOST_RATIO = 1000.0  # of the sides
NUMBER = r"([-+]?(?:[0-9]+\.?|[0-9]*\.[0-9]+)(?:e[-+]?[0-9]+)?)"
LENGTH = re.compile(rf"\s*{NUMBER}\s*(px|pt|pc|mm|cm|in|q|)\s*", re.IGNORECASE)
PIXELS = MappingProxyType({"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54,
                           "mm": 96 / 25.4, "q": 96 / 101.6})  # fmt: skip
"""Pixels of CSS in each unit."""


def plain_svg(data: bytes) -> bytes:
    """A picture written anew: UTF-8, its size in pixels, no document type.

    Raises InputError, which does not yet name the file, for one that is broken or not a drawing.
    """
    if data.startswith(b"\x1f\x8b"):
        raise InputError("picture_packed")
    root = _parsed(data)
    if root.tag != f"{{{SVG}}}svg":
        tag = local(root.tag)
        what = f'xmlns="{SVG}"' if tag == "svg" else f"<{tag}>"
        raise InputError("picture_broken", reason=what)
    check_references(root)
    drawn = _Drawn(root).count()
    made = _written(data, _size(root))
    costly = drawn > FEW_ELEMENTS or any(local(each.tag) in COSTLY for each in root.iter())
    if costly and not can_be_drawn(made):
        raise InputError("picture_costly")
    return made


def svg_extent(data: bytes) -> tuple[float, float]:
    """Width and height in pixels of CSS of a picture that `plain_svg` has written."""
    return _size(_parsed(data))


# --- reading and writing


class _Bounded(TreeBuilder):
    """Builds a tree while it is neither too large nor too deep."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.elements = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self.depth += 1
        self.elements += 1
        _check_counts(self.depth, self.elements)
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self.depth -= 1
        return super().end(tag)

    def pi(self, target: str, _: str | None = None) -> None:  # type: ignore[override]
        """Refuse style sheets elsewhere; other instructions are not for those who draw."""
        if target == "xml-stylesheet":
            raise InputError("picture_active", what=f"<?{target}?>")


def _check_counts(depth: int, elements: int) -> None:
    if depth > MOST_DEPTH:
        raise InputError("picture_deep", most=MOST_DEPTH)
    if elements > MOST_ELEMENTS:
        raise InputError("picture_elements", most=MOST_ELEMENTS)


def _parsed(data: bytes) -> Element:
    """The tree of a document, without entities of its own."""
    from defusedxml.common import EntitiesForbidden
    from defusedxml.ElementTree import DefusedXMLParser

    parser = DefusedXMLParser(target=_Bounded())
    try:
        parser.feed(data)
        root: Element = parser.close()
    except EntitiesForbidden as error:
        raise InputError("picture_entities", name=error.name) from error
    except (SyntaxError, ValueError, LookupError) as error:  # LookupError: an unknown encoding
        raise InputError("picture_broken", reason=reason(error)) from error
    return root


class _Writer(C14NWriterTarget):
    """Writes elements as they come, without comments and instructions, the first with a size."""

    def __init__(self, write: Any, size: tuple[float, float]) -> None:
        super().__init__(write)
        self.size: tuple[float, float] | None = size

    def start(self, tag: str, attrs: Mapping[str, str]) -> None:
        if self.size:
            attrs = {**attrs, "width": f"{self.size[0]:.9g}", "height": f"{self.size[1]:.9g}"}
            self.size = None
        super().start(tag, attrs)

    def pi(self, *_: str) -> None:
        """Leave it out."""


def _written(data: bytes, size: tuple[float, float]) -> bytes:
    parts: list[str] = []
    parser = XMLParser(target=_Writer(parts.append, size))
    parser.feed(data)
    parser.close()
    return "".join(parts).encode()


# --- size


def _size(root: Element) -> tuple[float, float]:
    """Width and height in pixels of CSS. Raises InputError if there are none to draw."""
    box = [_length(part) or 0.0 for part in re.split(r"[\s,]+", root.get("viewBox", "").strip())]
    natural = box[2:] if len(box) == 4 else [0.0, 0.0]
    ratio = natural[0] / natural[1] if min(natural) > 0 else nan
    wide, high = (_length(root.get(name, "")) for name in ("width", "height"))
    if wide is None:
        wide = natural[0] if high is None else high * ratio
    if high is None:
        high = wide / ratio
    if not _drawable(wide, high) or (root.get("viewBox") and not ratio > 0):
        raise InputError("picture_size", least=LEAST_SIDE, most=MOST_SIDE)
    return wide, high


def _drawable(wide: float, high: float) -> bool:
    fine = all(LEAST_SIDE <= side <= MOST_SIDE for side in (wide, high))
    return fine and 1 / MOST_RATIO <= wide / high <= MOST_RATIO


def _length(text: str) -> float | None:
    """A length in pixels; None where it is one of another thing, such as a part of the page."""
    found = LENGTH.fullmatch(text)
    return float(found[1]) * PIXELS[found[2].lower()] if found else None


# --- what is drawn


class _Drawn:
    """Counts the elements of a document as they are drawn, each time that they are used."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.named = {each.get("id"): each for each in root.iter()}
        self.known: dict[Element, tuple[int, int]] = {}
        self.open: set[Element] = set()

    def count(self) -> int:
        """The number of all. Raises InputError for too many, too deep ones, and for loops."""
        return self._of(self.root, 1)[0]

    def _of(self, element: Element, depth: int) -> tuple[int, int]:
        """How many elements one draws, itself included, and how deep they are."""
        if element not in self.known:
            _check_counts(depth, 0)
            if element in self.open:
                raise InputError("picture_loop", name=element.get("id", ""))
            self.open.add(element)
            parts = [*element, *self._targets(element)]
            inside = [self._of(part, depth + 1) for part in parts]
            self.open.remove(element)
            count = 1 + sum(number for number, _ in inside)
            self.known[element] = count, 1 + max((deep for _, deep in inside), default=0)
        count, deep = self.known[element]
        _check_counts(depth + deep - 1, count)
        return count, deep

    def _targets(self, element: Element) -> list[Element]:
        return [self.named[name] for name in references(element) if name in self.named]
