"""What an SVG document refers to: parts of itself, and nothing else."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from ..base.errors import InputError, short
from ..look.links import live
from .raster import check_pixels, check_raster

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SVG = "http://www.w3.org/2000/svg"
HTML = "http://www.w3.org/1999/xhtml"
ACTIVE = frozenset(
    ("script", "foreignobject", "feimage", "iframe", "audio", "video", "embed", "object", "handler")
)
"""Elements of SVG that are no drawings."""
KINDS = MappingProxyType({"png": ".png", "jpeg": ".jpg", "jpg": ".jpg", "gif": ".gif"})
"""Media types of pictures inside a picture, with the endings of such files."""
EMBEDDED = re.compile(r"\s*data:image/(\w+);base64,(.*)", re.DOTALL | re.IGNORECASE)
FONT = re.compile(r"data:(?:font/|application/(?:x-)?font|application/octet-stream)", re.IGNORECASE)
CSS = re.compile(r"[\\@]|url|src|image", re.IGNORECASE)
"""What text in CSS without any of these cannot refer to anything."""
FETCHING = frozenset(("url", "src", "image", "image-set", "-webkit-image-set", "cross-fade"))
"""Functions of CSS that can load."""
EVENT = re.compile(r"on[a-z]+", re.IGNORECASE)  # in no namespace: what a script does then
OWN = re.compile(r"url\(\s*[\"']?\s*#([^)\"']+?)\s*[\"']?\s*\)", re.IGNORECASE)


def local(name: object) -> str:
    """The name of an element or attribute without its namespace; empty for what has none."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def check_references(root: Element) -> None:
    """Raise InputError for scripts, other documents, and references to anything outside."""
    pixels = 0
    for each in root.iter():
        name = local(each.tag)
        if name.lower() in ACTIVE or str(each.tag).startswith(f"{{{HTML}}}"):
            raise InputError("picture_active", what=f"<{name}>")
        if name.lower() == "style":
            _check_css("".join(each.itertext()))
        for attribute, value in each.attrib.items():
            if EVENT.fullmatch(attribute):
                raise InputError("picture_active", what=attribute)
            pixels += _checked(each, local(attribute), value)
    check_pixels(pixels)


def references(element: Element) -> Iterator[str]:
    """The ids of the elements of the same document to which an element refers."""
    for attribute, value in element.attrib.items():
        if local(attribute) == "href" and value.strip().startswith("#"):
            yield value.strip()[1:]
        yield from OWN.findall(value)


def _checked(element: Element, attribute: str, value: str) -> int:
    """Check one attribute, and return the pixels of the picture that it holds."""
    name = local(element.tag)
    if attribute.lower() == "attributename" and local(value.replace(":", "}")).lower() == "href":
        raise InputError("picture_active", what=f"<{name}>")
    if attribute.lower() in ("href", "src"):
        return _target(name, value)
    if attribute.lower() == "base":
        raise _outside(value)
    if CSS.search(value):
        _check_css(value)
    return 0


def _target(name: str, value: str) -> int:
    """Check what a reference leads to, and return the pixels of an embedded picture."""
    if value.strip().startswith("#") or (name == "a" and live(value)):
        return 0
    found = EMBEDDED.fullmatch(value) if name == "image" else None
    if not found or found[1].lower() not in KINDS:
        raise _outside(value)
    try:
        data = b64decode(re.sub(rb"\s", b"", unquote_to_bytes(found[2])), validate=True)
    except ValueError as error:
        raise _outside(value) from error
    return check_raster(data, KINDS[found[1].lower()])


def _outside(what: str) -> InputError:
    return InputError("picture_outside", what=short(what)[1:-1])


# --- style sheets


def _check_css(text: str) -> None:
    """Raise InputError for CSS that imports or loads."""
    from tinycss2 import parse_component_value_list

    for token in _tokens(parse_component_value_list(text, skip_comments=True)):
        kind = token.type
        if kind == "at-keyword" and token.lower_value in ("import", "namespace"):
            raise _outside(f"@{token.value}")
        if kind == "error":
            raise _outside(token.message)
        if kind == "url":
            _check_url(token.value)
        if kind == "function" and token.lower_name in FETCHING:
            for part in token.arguments:
                if part.type == "string":
                    _check_url(part.value)


def _check_url(address: str) -> None:
    if not address.strip().startswith("#") and not FONT.match(address.strip()):
        raise _outside(address)


def _tokens(nodes: Iterable[Any]) -> Iterator[Any]:
    """All tokens, those inside brackets and functions too, without recursion."""
    todo = [iter(nodes)]
    while todo:
        for node in todo[-1]:
            yield node
            inside = getattr(node, "arguments", None) or getattr(node, "content", None)
            if inside:
                todo.append(iter(inside))
                break
        else:
            todo.pop()
