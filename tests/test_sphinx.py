"""The directive in documents of both markups, built by Sphinx in all kinds of formats."""

import json
import re
import subprocess
import sys
from importlib.metadata import version

import pytest

import graphstep as gs
from graphstep.player.payload import as_json, payload

CONF = """
extensions = ["myst_parser", "graphstep.sphinx"]
project = "figures"
html_theme = "basic"
html_math_renderer = "graphstep"
myst_enable_extensions = ["dollarmath"]
"""
MARKDOWN = """# Figures

```{graphstep} q = x + y; f = q * z
:inputs: x=-2 y=5 z=-4
:by: wire
:name: first
```

```{graphstep}
:with: x=2 --digits 3 --steps 1
:lang: ru

# a comment in the language
f = x**2
```

Then $x_0 = \\frac{1}{2}$ and

$$\\sum_i x_i$$ (total)

and {eq}`total`, {ref}`the first <first>`.
"""
RST = """
Other figures
=============

.. graphstep:: f = x * y
   :inputs: x=2 y=<script> y=3

* In a list:

  .. graphstep::
     :inputs: x=@x.npy "W=[[1, 2], [3, 4]]"
     :captions:
     :steps: 0,last

     f = l2(W @ x)

.. graphstep:: f = x * y
   :inputs: x=2 y=3
   :quiz:
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder of sources, and what builds it: (status, what was told)."""
    import numpy as np

    folder = tmp_path_factory.mktemp("site")
    (folder / "conf.py").write_text(CONF)
    (folder / "index.md").write_text(MARKDOWN + "\n```{toctree}\nother\n```\n", encoding="utf-8")
    (folder / "other.rst").write_text(RST.replace(" y=<script>", ""), encoding="utf-8")
    np.save(folder / "x.npy", [1.0, 2.0])
    return folder


def build(folder, builder, *options):
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-n", "-b", builder, *options, folder, folder / f"_{builder}"],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


@pytest.fixture(scope="module")
def html(site):
    assert build(site, "html", "-W", "-j2") == (0, "")
    return site / "_html"


def data_of(page):
    found = re.findall(r'<script type="application/json" >(.*?)</script>', page, re.DOTALL)
    return [json.loads(text) for text in found]


def test_pages_have_the_player_once_and_the_figures_data(html):
    page = (html / "index.html").read_text(encoding="utf-8")
    first, second = data_of(page)
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4, by="wire")
    expected = {**json.loads(as_json(payload(s))), "deep": "figure=1"}
    assert first == expected
    assert second["frame"] == 1
    assert second["deep"] == "figure=2"
    assert "3,000" not in page
    assert "4,000" in second["texts"]  # three digits, in Russian
    assert second["words"]["play"] == "Воспроизвести"
    assert page.count("graphstep.js") == page.count("graphstep.css") == 1
    assert page.count('class="gs-fallback"') == 2
    assert 'id="first"' in page
    script = (html / "_static" / "graphstep.js").read_text(encoding="utf-8")
    assert "document.querySelectorAll('.graphstep-figure').forEach(start)" in script
    assert "export " not in script


def test_pages_without_figures_stay_without_the_player(html):
    assert "graphstep.js" not in (html / "search.html").read_text(encoding="utf-8")
    other = (html / "other.html").read_text(encoding="utf-8")
    assert "graphstep.js" in other
    assert "graphstep-math.css" not in other


def test_a_quiz_keeps_its_answers(html):
    other = (html / "other.html").read_text(encoding="utf-8")
    assert other.count("data-veiled") == 1
    last = other[other.rindex("graphstep-figure") :]
    assert "∂f/∂f = 1" not in last


def test_formulas_are_mathml(html):
    page = (html / "index.html").read_text(encoding="utf-8")
    assert "<msub><mi>x</mi><mn>0</mn></msub>" in page
    assert "<mfrac><mn>1</mn><mn>2</mn></mfrac>" in page
    assert re.search(r'<div class="math"[^>]* id="equation-total">.*?<span class="eqno">\(1\)', page, re.DOTALL)  # fmt: skip
    assert "cdn" not in page
    assert "STIXTwoMath.woff2" in (html / "_static" / "graphstep-math.css").read_text()


def test_nothing_changed_nothing_is_read_again(site, html):
    before = (html / "other.html").stat().st_mtime_ns
    (site / "index.md").write_text((site / "index.md").read_text("utf-8") + "\nMore.\n", "utf-8")
    status, told = build(site, "html", "-W")
    assert (status, told) == (0, "")
    assert (html / "other.html").stat().st_mtime_ns == before
    import numpy as np

    np.save(site / "x.npy", [1.0, 3.0])
    build(site, "html", "-W")
    assert (html / "other.html").stat().st_mtime_ns > before
    assert "274" in data_of((html / "other.html").read_text("utf-8"))[1]["texts"]
    np.save(site / "x.npy", [1.0, 2.0])


def test_text_has_the_steps(site):
    assert build(site, "text", "-W", "-E") == (0, "")
    text = (site / "_text" / "index.txt").read_text(encoding="utf-8")
    assert "9  Add gate, input x: downstream = local · upstream = [1] · [−4] = −4." in text
    assert re.search(r"node +goes into +value +local +upstream +downstream", text)


def test_latex_has_pictures(site):
    pytest.importorskip("typst")
    assert build(site, "latex", "-W") == (0, "")
    [tex] = (site / "_latex").glob("*.tex")
    source = tex.read_text(encoding="utf-8")
    pictures = re.findall(r"\\sphinxincludegraphics\{\{(graphstep-\w+)\}\.pdf\}", source)
    assert len(pictures) == 6  # one of each figure, two of the one with :steps: 0,last
    for name in pictures:
        assert (site / "_latex" / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    assert "every value is known" in source  # :captions:


def test_books_have_pictures_and_no_script(site):
    assert "Traceback" not in build(site, "epub")[1]
    page = (site / "_epub" / "index.xhtml").read_text(encoding="utf-8")
    assert "graphstep.js" not in page
    for name in re.findall(r"_images/(graphstep-\w+\.svg)", page):
        assert "<svg" in (site / "_epub" / "_images" / name).read_text(encoding="utf-8")
    assert page.count("_images/graphstep-") == 2


OLDER = tuple(map(int, version("myst-parser").split(".")[:2])) < (5, 2)
WRONG = [
    ("md", "```{graphstep}\n:inputs: x=1\n\nq = x\nf = q ^ x\n```", 5, "^ is not a power", "^^^^^"),
    ("md", "```{graphstep} f = x ^ x\n:inputs: x=1\n```", 1, "^ is not a power", "f = x ^ x"),
    ("md", "```{graphstep} f = x\n:by: gate\n:inputs: x=1 y\n```", 3, "'y' is not an input", "^"),
    ("md", "```{graphstep} f = x\n:inputs: x=1\n:by: wir\n```", 3, "by cannot be 'wir'", "--by=wir"),
    ("md", "```{graphstep} f = x\n:inputs: x=1\n:steps: 9\n```", 3, "There is no frame 9", "^"),
    ("md", "```{graphstep} f = x\n:inputs: x=@none.npy\n```", 2, "Cannot read", "x=@none.npy"),
    ("md", "```{graphstep} f = x * y\n:inputs: x=1\n```", 1, "No value is given for y", "^"),
    ("md", "```{graphstep}\n```", 1, "There is no expression here", ""),
    ("md", "```{graphstep} f = x\n:inputs: x=1 'y=2\n```", 2, "This quotation mark", "^"),
    ("md", "```{graphstep} f = x\n:inputs: x=1\n:quiz:\n```", 3, "There is nothing to ask for", "--quiz"),
    ("md", "a $\\frac{1$ b", 1, "formula", ""),
    ("rst", ".. graphstep:: f = x\n   :inputs: x=1\n   :by: wir", 3, "by cannot be 'wir'", "^"),
    ("rst", "* a\n\n  .. graphstep::\n     :inputs: x=1\n\n     q = x\n     f = q ^ x", 7, "^ is not", "^"),
]  # fmt: skip


def test_errors_stand_at_their_line(tmp_path):
    """All of them in one build: a page each."""
    (tmp_path / "conf.py").write_text(CONF + "exclude_patterns = ['_html']\n")
    (tmp_path / "index.rst").write_text("Top\n===\n\n.. toctree::\n   :glob:\n\n   page*\n")
    for k, (markup, text, *_) in enumerate(WRONG):
        head = {"md": "# T\n\n", "rst": "T\n=\n\n"}[markup]
        (tmp_path / f"page{k}.{markup}").write_text(head + text + "\n", encoding="utf-8")
    status, told = build(tmp_path, "html", "-W", "--keep-going")
    assert status == 1
    head = {"md": 2, "rst": 3}
    for k, (markup, _, line, sentence, place) in enumerate(WRONG):
        names = [f"page{k}.{markup}:{line + head[markup]}:"]
        if markup == "md" and OLDER:  # it does not say where an option stands
            names.append(f"page{k}.md:{1 + head[markup]}:")
        at = next(told.index(name) for name in names if name in told)
        here = told[at:].split(f"\n{tmp_path}/page")[0]
        assert sentence.lower() in here.lower(), told
        assert place in here
    assert "Traceback" not in told


def test_confined_documents_read_the_folder_of_their_sources(tmp_path):
    import numpy as np

    sources = tmp_path / "sources"
    (sources / "sub").mkdir(parents=True)
    for where in (tmp_path, sources):
        np.save(where / "x.npy", [1.0, 2.0])
    (sources / "link.npy").symlink_to("../x.npy")
    (sources / "conf.py").write_text(
        'extensions = ["graphstep.sphinx"]\nhtml_theme = "basic"\ngraphstep_confined = True\n'
    )
    named = ("../x.npy", "../../x.npy", "../link.npy", tmp_path / "x.npy", r"\\host\share\x.npy")
    figures = (f".. graphstep:: f = sum(x)\n   :inputs: x=@{name}\n" for name in named)
    (sources / "index.rst").write_text("Top\n===\n\n.. toctree::\n\n   sub/page\n")
    (sources / "sub" / "page.rst").write_text("Page\n====\n\n" + "\n".join(figures))
    status, told = build(sources, "html")
    assert status == 0
    lines = [int(k) for k in re.findall(r"page.rst:(\d+): ERROR: .* outside of the folder", told)]
    assert lines == [8, 11, 14, 17]
    assert len(data_of((sources / "_html" / "sub" / "page.html").read_text("utf-8"))) == 1
