"""Links: the one rule, for all outputs, which addresses can be followed."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

PAGES = ("http", "https")
MAIL = "mailto"
KEPT = "%:/?#[]@!$&'()*+,;=~"  # signs with a meaning in addresses
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def live(link: str) -> str:
    """The address of a page or a mailbox, in ASCII; empty for all else, which is shown as text.

    Only `http://`, `https://` and `mailto:` are followed: other schemes start programs, and what
    has none means a file, which would be another one wherever the output is opened.

    >>> live("https://example.org/a b"), live("smb://server/share"), live("notes.pdf")
    ('https://example.org/a%20b', '', '')
    """
    link = link.strip(" ")
    if CONTROL.search(link):
        return ""
    try:
        parts = urlsplit(link)
        named = parts.hostname if parts.scheme in PAGES else parts.scheme == MAIL and parts.path
        return quote(link, safe=KEPT) if named else ""
    except ValueError:  # a broken host, or half a character
        return ""
