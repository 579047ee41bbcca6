"""How the documents are built: `make docs`."""

from __future__ import annotations

import os
import sys
from hashlib import blake2s
from pathlib import Path
from shutil import rmtree

from docutils import nodes

import graphstep

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tools"))

project = html_title = "graphstep"
author = "The graphstep authors"
release = version = graphstep.__version__
extensions = ["myst_nb", "sphinx.ext.autodoc", "graphstep.sphinx"]
exclude_patterns = ["images"]
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!graphstep\.).*")]  # names of other libraries, and short ones
highlight_language = "none"  # of blocks that name no language
smartquotes = False  # relu'(0) has no quotation mark

# pages: everything comes from the folder itself
html_theme = "furo"
html_theme_options: dict[str, list[str]] = {"top_of_page_buttons": []}
html_static_path = ["static"]
html_css_files = ["pages.css"]
html_math_renderer = "graphstep"
html_copy_source = html_show_sourcelink = html_show_copyright = html_show_sphinx = False

# reference: docstrings are plain sentences, with names between single backticks
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"

# Markdown and notebooks
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off" if os.environ.get("GRAPHSTEP_DOCS") == "quick" else "cache"
# what running a notebook gives follows from the package as well
SOURCES = sorted(p for p in Path(graphstep.__file__).parent.rglob("*.*") if p.suffix != ".pyc")
CONTENT = blake2s(b"".join(path.read_bytes() for path in SOURCES), digest_size=6).hexdigest()
CACHES = HERE.parent / "out" / "docs-cache"
nb_execution_cache_path = str(CACHES / CONTENT)
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # a live figure needs a kernel: its text stays
nb_mime_priority_overrides = [
    ("html", "application/vnd.jupyter.widget-view+json", None),
    ("html", "text/html", 0),
]
MADE_BY_USERS = {"graphstep.Style", "graphstep.ComputationalGraph", "graphstep.graph.nodes.Node"}
PAGES = {
    "notebooks/": "notebooks/", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changes.md",
}  # fmt: skip
NOTEBOOKS = sorted((HERE.parent / "notebooks").glob("*.ipynb"))


def copied(*_: object) -> None:
    """Put the notebooks among the pages; those that are there and the same stay as they are."""
    for old in CACHES.glob("*"):
        if old.name != CONTENT:
            rmtree(old)
    folder = HERE / "notebooks"
    folder.mkdir(exist_ok=True)
    for path in NOTEBOOKS:
        target = folder / path.name
        if not target.exists() or target.read_bytes() != path.read_bytes():
            target.write_bytes(path.read_bytes())
    for path in set(folder.glob("*.ipynb")) - {folder / path.name for path in NOTEBOOKS}:
        path.unlink()


def beside(_app: object, _name: str, text: list[str]) -> None:
    """Links that lead to files where the repository is read lead to their pages here."""
    for file, page in PAGES.items():
        text[0] = text[0].replace(f"](../{file}", f"]({page}")


def trimmed(_app: object, tree: nodes.document) -> None:
    """The empty line that ends an example for the tests is not shown."""
    for block in tree.findall(nodes.literal_block):
        if len(block) == 1:
            block.rawsource = block.astext().rstrip()
            block[:] = [nodes.Text(block.rawsource)]


def unsigned(_app: object, what: str, name: str, *_: object) -> tuple[str, str] | None:
    """Classes that users do not make themselves are shown without how they are made."""
    return ("", "") if what in ("class", "exception") and name not in MADE_BY_USERS else None


def setup(app: object) -> None:
    """Called by Sphinx."""
    app.connect("builder-inited", copied, priority=100)  # type: ignore[attr-defined]
    app.connect("autodoc-process-signature", unsigned)  # type: ignore[attr-defined]
    app.connect("source-read", beside)  # type: ignore[attr-defined]
    app.connect("doctree-read", trimmed)  # type: ignore[attr-defined]
