"""The documentation as it is built: every link leads somewhere, nothing is asked for elsewhere."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from browsing import BROWSER
from readme import ROOT

LOADS = {("script", "src"), ("img", "src"), ("link", "href"), ("source", "src"), ("iframe", "src"),
         ("object", "data"), ("image", "href"), ("use", "href"), ("video", "src"),
         ("embed", "src")}  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """All pages, and what was told; the notebooks without what running them shows, which `make docs` does."""
    out = tmp_path_factory.mktemp("docs")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-n", "-b", "html", ROOT / "docs", out],
        capture_output=True, text=True, encoding="utf-8", check=False,
        env={**os.environ, "GRAPHSTEP_DOCS": "quick"},
    )  # fmt: skip
    return out, done.returncode, done.stderr


@pytest.fixture(scope="module")
def site(built):
    return built[0]


def test_there_is_no_warning(built):
    assert built[1:] == (0, "")


class Page(HTMLParser):
    """What a page links to, what it loads, its anchors and its title."""

    def __init__(self, path):
        super().__init__(convert_charrefs=True)
        self.links, self.loads, self.anchors, self.title, self._in_title = [], [], [], "", False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self._in_title = tag == "title" and not self.title
        for name, value in attrs:
            if name == "id":
                self.anchors.append(value)
            elif (tag, name.removeprefix("xlink:")) in LOADS:
                self.loads.append(value)
            elif (tag, name) == ("a", "href"):
                self.links.append(value)
            if name == "style":
                self.loads += re.findall(r"url\(([^)]*)\)", value)

    def handle_data(self, data):
        if self._in_title:
            self.title += data.strip()

    def handle_endtag(self, tag):
        self._in_title = False


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


def test_every_page_is_there_and_has_a_title(site, pages):
    sources = {p.relative_to(ROOT / "docs").with_suffix("") for p in ROOT.glob("docs/*.md")}
    built = {path.relative_to(site).with_suffix("") for path in pages}
    assert sources | {Path("notebooks", p.stem) for p in ROOT.glob("notebooks/*.ipynb")} <= built
    titles = {path: page.title for path, page in pages.items()}
    assert all(titles.values()), titles
    assert len(set(titles.values())) == len(titles)


def test_links_and_anchors_lead_somewhere(site, pages):
    anchors = {path.resolve(): set(page.anchors) for path, page in pages.items()}
    for path, page in pages.items():
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            assert target.is_relative_to(site.resolve()), (path.name, link)
            assert target.exists(), (path.name, link)
            if parts.fragment and target in anchors:
                assert unquote(parts.fragment) in anchors[target], (path.name, link)


def test_nothing_is_loaded_from_elsewhere(site, pages):
    for path, page in pages.items():
        for link in page.loads:
            assert urlsplit(link).scheme in ("", "data"), (path.name, link)
    for path in site.rglob("*.css"):
        urls = re.findall(r"url\(\s*['\"]?([^)'\"]*)", path.read_text(encoding="utf-8"))
        urls += re.findall(r"@import\s+['\"]([^'\"]*)", path.read_text(encoding="utf-8"))
        for url in urls:
            assert urlsplit(url).scheme in ("", "data"), (path.name, url)
            if not urlsplit(url).scheme:
                assert (path.parent / urlsplit(url).path).exists(), (path.name, url)


def test_links_in_the_text_name_known_places(pages):
    """Addresses of other projects, none of them of a machine that nobody else can reach."""
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            assert parts.scheme in ("", "http", "https"), (path.name, link)
            assert not parts.scheme or "." in parts.netloc, (path.name, link)


def test_ids_are_not_given_twice(pages):
    for path, page in pages.items():
        twice = {name for name in page.anchors if page.anchors.count(name) > 1}
        assert not twice, (path.name, twice)


def test_figures_of_the_pages_step(pages):
    with_figures = {p.stem for p in pages if "graphstep.js" in " ".join(pages[p].loads)}
    assert {"index", "quickstart", "reading", "stepping", "sphinx"} <= with_figures


def test_the_softsign_of_the_page_on_adding_gates_is_right():
    """Its row as it stands on the page, made a gate, and checked like all others."""
    import graphstep as gs
    from graphstep.gates import GATES, elementwise, register

    text = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    [row] = re.findall(r"```text\n(Gate\(.*?\)),\n```", text, re.DOTALL)
    scope = {**vars(elementwise), "x": ("x",)}
    register(eval(row, scope))
    try:
        for x in (-1.5, 0.25, 3.0):
            assert gs.parse("f = softsign(x)").forward(x=x).check().ok
        assert gs.parse("f = sum(softsign(x)**2)").forward(x=[1.0, -2.0]).check().ok
        assert len(gs.parse("f = softsign(x)").expand("softsign").nodes) == 4
    finally:
        dict.__delitem__(GATES, "softsign")


@pytest.mark.parametrize(
    ("opening", "module"), [("Function(\"tan\"", "calculus/functions"), ("_function(", "gates/elementwise")]
)  # fmt: skip
def test_the_rows_of_tan_on_the_page_are_those_of_the_tables(opening, module):
    page, rows = (
        " ".join(path.read_text(encoding="utf-8").split())
        for path in (ROOT / "docs" / "extending.md", ROOT / "graphstep" / f"{module}.py")
    )
    [row] = re.findall(rf"```text ({re.escape(opening)}.*?) ```", page)
    assert row in rows


def test_the_output_of_the_page_on_adding_outputs_works():
    import graphstep as gs

    text = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    [module] = re.findall(r'```python\n("""CSV.*?)```', text, re.DOTALL)
    scope = {"__name__": "graphstep.outputs.csv", "__package__": "graphstep.outputs"}
    exec(module, scope)
    lines = scope["whole"](gs.stepper("f = (x + y) * z", x=-2, y=5, z=-4)).splitlines()
    assert lines[0] == "from,to,value,local,upstream,downstream"
    assert lines[1:3] == ['"x","x + y","−2","1","−4","−4"', '"y","x + y","5","1","−4","−4"']


# --- in a browser


class TestInABrowser:
    pytestmark = BROWSER

    def opened(self, browser, path, **options):
        """A page from a file; it may ask for files of the site only."""
        page = browser.new_page(**options)
        self.asked, self.errors = [], []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console", lambda told: self.errors.append(told.text) if told.type == "error" else None
        )
        page.goto(path.as_uri())
        page.wait_for_selector(".graphstep-figure[data-mounted] .gs-bar")
        return page

    def test_a_figure_steps_and_follows_the_switch(self, browser, site):
        page = self.opened(browser, site / "index.html", color_scheme="light")
        figure = page.locator(".graphstep-figure").first
        assert figure.get_attribute("data-theme") == "light"
        assert (
            figure.locator(".gs-fallback").is_hidden() or not figure.locator(".gs-fallback").count()
        )
        caption = figure.locator(".gs-caption")
        assert "every value is known" in caption.inner_text()
        figure.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        assert "local · upstream = [3] · [1] = 3" in caption.inner_text()
        value = figure.locator(".gs-stage .v").first
        light = value.evaluate("node => getComputedStyle(node).fill")
        for _ in range(3):  # furo's switch goes through auto, light and dark
            page.locator(".theme-toggle-header, .theme-toggle-content").locator(
                "visible=true"
            ).first.click()
            if page.evaluate("document.body.dataset.theme") == "dark":
                break
        page.wait_for_function(
            "document.querySelector('.graphstep-figure').dataset.theme === 'dark'"
        )
        assert value.evaluate("node => getComputedStyle(node).fill") != light
        assert "[3] · [1] = 3" in caption.inner_text()  # where it was
        assert not self.errors
        assert all(url.startswith(("file:", "data:")) for url in self.asked)
        page.close()

    def test_links_open_a_figure_at_a_frame(self, browser, site):
        page = self.opened(browser, Path(f"{site}/reading.html"))
        page.goto((site / "reading.html").as_uri() + "#figure=2&frame=2")
        page.reload()
        page.wait_for_selector(".graphstep-figure[data-mounted] .gs-bar")
        second = page.locator(".graphstep-figure").nth(1)
        assert "begins at the output" in second.locator(".gs-caption").inner_text()
        assert not self.errors
        page.close()

    def test_no_page_is_wider_than_the_window(self, browser, site, pages):
        """Whether a page is opened in a wide window or in a narrow one, and then in the other."""
        page = browser.new_page(viewport={"width": 1300, "height": 800})
        for path, widths in zip(pages, cycle([(1300, 380), (380, 1300)])):
            page.set_viewport_size({"width": widths[0], "height": 800})
            page.goto(path.as_uri())
            for width in widths:
                page.set_viewport_size({"width": width, "height": 800})
                page.evaluate(
                    "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
                )
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, (path.name, wide)
        page.close()

    def test_without_scripts_a_picture_stays(self, browser, site):
        page = browser.new_page(java_script_enabled=False)
        page.goto((site / "index.html").as_uri())
        assert page.locator(".graphstep-figure .gs-fallback img").first.is_visible()
        assert page.locator(".graphstep-figure .gs-stage").first.is_hidden()
        page.close()
