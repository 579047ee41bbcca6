"""In a real JupyterLab and a real Notebook 7: keys, sliders, inputs; with a kernel, without one, not trusted."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from browsing import BROWSER
from nbformat.sign import NotebookNotary

import graphstep as gs

pytestmark = BROWSER

CELLS = [
    "import graphstep as gs\ns = gs.stepper('q = x + y; f = q * z', x=-2, y=5, z=-4)\ns",
    "w = s.widget()\nw",
    "import ipywidgets\nother = ipywidgets.IntSlider()\nlink = ipywidgets.jslink((w, 'step'), (other, 'value'))\nipywidgets.HBox([other])",
    "%load_ext graphstep",
    "%%graphstep x=3 y=4 --by wire\nf = x * y",
    "%%graphstep x=3\nf = x ^ 2",
]


def notebook(path, texts, outputs=()):
    """Write a notebook with these cells, and return it."""
    code = nbformat.v4.new_code_cell
    made = nbformat.v4.new_notebook(cells=[code(text) for text in texts])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for cell, output in zip(made.cells, outputs, strict=False):
        cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": output})]
    nbformat.write(made, path)
    return made


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server of both programs in a folder of its own: its address, and the folder."""
    folder = tmp_path_factory.mktemp("notebooks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = folder / "home"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "config"),
                   "JUPYTER_DATA_DIR": str(home / "data"), "JUPYTER_RUNTIME_DIR": str(home / "run"),
                   "IPYTHONDIR": str(home / "ipython")}  # fmt: skip
    options = ["--no-browser", f"--port={port}", "--ServerApp.port_retries=0", "--allow-root",
               "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True",
               "--expose-app-in-browser", "--JupyterNotebookApp.expose_app_in_browser=True",
               "--LabApp.news_url=None", "--LabApp.check_for_updates_class="
               "jupyterlab.NeverCheckForUpdate", f"--ServerApp.root_dir={folder}"]  # fmt: skip
    with open(folder / "lab.log", "w") as log:
        server = subprocess.Popen([sys.executable, "-m", "jupyterlab", *options], env=environment,
                                  stdout=log, stderr=log, cwd=folder,
                                  start_new_session=True)  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"{address}/api/status", timeout=2).read()
                    break
                except OSError:
                    assert server.poll() is None, (folder / "lab.log").read_text()
                    time.sleep(0.25)
            yield address, folder
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:  # it can wait for ever for a kernel that only starts
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


@pytest.fixture
def lab(server):
    """A JupyterLab whose notebook n.ipynb has the cells above: its address."""
    address, folder = server
    notebook(folder / "n.ipynb", CELLS)
    return address


APPS = {"JupyterLab": "lab/tree", "Notebook 7": "notebooks"}
HERE = "window.jupyterapp.shell.currentWidget"
COUNT = "window.jupyterapp.shell.currentWidget.content.widgets.length"
READY = "window.jupyterapp && window.jupyterapp.shell.currentWidget?.content?.model"


@pytest.fixture(params=APPS)
def saved(request, server, browser):
    """Opens a notebook that was saved with figures as outputs, trusted or not."""
    address, folder = server
    page = browser.new_page(viewport={"width": 1400, "height": 2400})

    def opened(outputs, trusted):
        made = notebook(folder / "saved.ipynb", ["s"] * len(outputs) + ["1 + 1"], outputs)
        if trusted:
            NotebookNotary(data_dir=str(folder / "home" / "data")).sign(made)
        page.goto(f"{address}/{APPS[request.param]}/saved.ipynb?reset")
        page.wait_for_function(READY, timeout=60_000)
        page.locator(".jp-OutputArea .graphstep-figure").first.wait_for(timeout=60_000)
        return page

    yield opened
    page.close()


def run_all(page, address, app="JupyterLab", cells=6):
    page.goto(f"{address}/{APPS[app]}/n.ipynb?reset")
    page.wait_for_function(READY, timeout=60_000)
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.ready")
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(
        """last => { const w = window.jupyterapp.shell.currentWidget;
            return w.sessionContext.session?.kernel?.status === 'idle'
                && w.content.model.cells.get(last).executionCount }""",
        arg=cells - 1, timeout=90_000)  # fmt: skip


def ask(page, code):
    """Run code in the kernel and return what it prints."""
    return page.evaluate(
        """async code => {
        const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
        let said = ''; const run = kernel.requestExecute({code});
        run.onIOPub = m => { if (m.header.msg_type === 'stream') said += m.content.text;
                             if (m.header.msg_type === 'error') said += m.content.evalue; };
        await run.done; return said.trim(); }""",
        code,
    )


def eventually(page, find, wanted):
    for _ in range(100):
        found = find()
        if found == wanted:
            return
        page.wait_for_timeout(100)
    raise AssertionError((found, wanted))


NUMBER = ".gs-bar input[type=number]"


def test_in_a_real_jupyterlab(browser, lab):
    page = browser.new_page(viewport={"width": 1400, "height": 2400})
    try:
        run_all(page, lab)
        figures = page.locator(".jp-OutputArea .graphstep-figure")
        eventually(page, figures.count, 3)
        still, live, magic = (figures.nth(i) for i in range(3))
        # the figure of a Stepper steps, and its keys stay in it
        still.focus()
        page.keyboard.press("End")
        assert still.locator(NUMBER).input_value() == "4"
        for n in range(3):
            eventually(page, lambda n=n: figures.nth(n).get_attribute("data-theme"), "light")
        # the widget: step there, Python sees it; Python steps, the page follows
        live.focus()
        page.keyboard.press("ArrowRight")
        eventually(page, lambda: ask(page, "print(w.step, other.value)"), "1 1")
        ask(page, "w.step = 3")
        eventually(page, lambda: live.locator(NUMBER).input_value(), "4")
        # an input: typed, dragged, refused
        live.locator(".gs-inputs input[type=text]").first.fill("6/2")
        page.keyboard.press("Enter")
        eventually(page, lambda: ask(page, "print(w.inputs['x'], w.stepper.value)"), "3.0 -32.0")
        eventually(page, lambda: live.locator("[data-slot=v4]").text_content(), "f = −32")
        live.locator(".gs-inputs input[type=range]").first.fill("1")
        eventually(page, lambda: ask(page, "print(w.inputs['x'])"), "1.0")
        live.locator(".gs-inputs input[type=text]").first.fill("much")
        page.keyboard.press("Enter")
        eventually(page, lambda: "not much" in live.locator("p.gs-error").first.inner_text(), True)
        assert ask(page, "print(w.inputs['x'])") == "1.0"
        ask(page, "w.inputs = {'y': 0}")
        eventually(page, lambda: live.locator("[data-slot=v1]").text_content(), "0")
        # the magic: a figure, and an error in its own words
        assert magic.locator("[data-slot=v2]").text_content() == "f = 12"
        assert "^ is not a power" in page.locator(".jp-OutputArea").last.inner_text()
        # the kernel is restarted: the figure says so, and its fields have the numbers that it shows
        live.locator(".gs-inputs input[type=text]").first.fill("8")
        page.evaluate(f"() => {HERE}.sessionContext.session.kernel.restart()")
        eventually(page, lambda: "run its cell again" in live.inner_text(), True)
        assert live.locator(".gs-inputs input[type=text]").first.input_value() == "1"
        # saved and reopened without a kernel, the figure still steps
        page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
        page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        again = browser.new_page(viewport={"width": 1400, "height": 2400})
        again.goto(f"{lab}/lab/tree/n.ipynb?reset")
        again.locator(".jp-OutputArea .graphstep-figure .gs-bar").first.wait_for(timeout=60_000)
        figure = again.locator(".jp-OutputArea .graphstep-figure").first
        figure.focus()
        again.keyboard.press("ArrowRight")
        assert figure.locator(NUMBER).input_value() == "2"
        again.close()
    finally:
        page.close()


@pytest.mark.parametrize("app", APPS)
def test_the_expression_is_edited_in_place(browser, server, app):
    """No key in its field is a shortcut, and it has to do with a real kernel."""
    address, folder = server
    notebook(folder / "n.ipynb", [CELLS[0], CELLS[1], "1 + 1"])
    page = browser.new_page(viewport={"width": 1400, "height": 1600})
    try:
        run_all(page, address, app, cells=3)
        live = page.locator(".jp-OutputArea .graphstep-figure").nth(1)
        box, error = live.locator(".gs-edit textarea"), live.locator(".gs-edit [role=alert]")
        runs = f"{HERE}.content.model.cells.get(1).executionCount"
        before = page.evaluate(f"[{COUNT}, {runs}]")
        box.fill("f = (x + 2y) * z")
        for key in ("End", "Space", "d", "d", "x", "b", "Backspace", "Backspace", "Backspace"):
            page.keyboard.press(key)
        page.keyboard.press("Control+Enter")
        eventually(page, lambda: "write 2*y" in error.inner_text(), True)
        assert error.inner_text().endswith("^^")
        assert live.locator("[data-slot=v4]").text_content() == "f = −12"
        box.fill("f = (x + 2*y) * b")
        page.keyboard.press("Enter")
        eventually(page, lambda: "for b" in error.inner_text(), True)
        page.keyboard.type("0.5")
        page.keyboard.press("Enter")
        eventually(page, lambda: live.locator(".gs-edit .gs-inputs input").count(), 0)
        eventually(page, lambda: live.locator("[data-slot=v5]").text_content(), "f = 4.00")
        says = "print(w.expression, w.inputs, w.stepper.value)"
        found = "f = (x + 2*y) * b {'x': -2.0, 'y': 5.0, 'b': 0.5} 4.0"
        eventually(page, lambda: ask(page, says), found)
        assert box.evaluate("node => node === document.activeElement")
        live.locator(".gs-inputs input[type=range]").last.fill("1")
        eventually(page, lambda: ask(page, "print(w.inputs['b'])"), "1.0")
        ask(page, "w.expression = 'f = x*y'")
        eventually(page, box.input_value, "f = x*y")
        live.locator("button.gs-last").click()
        eventually(page, lambda: ask(page, "print(w.step)"), "2")
        assert page.evaluate(f"[{COUNT}, {runs}]") == before
    finally:
        page.close()


CLICKED = ["button.gs-forward", "button.gs-last", ".gs-asked input", ".gs-bar input[type=range]", "[data-node='2']",
           ".gs-caption", "select", ".gs-bar input[type=number]"]  # fmt: skip


def test_no_key_in_a_figure_is_a_shortcut(saved):
    """d d deletes a cell, x cuts it, b adds one: none does after a click on a part of a figure."""
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    page = saved([s._repr_html_(), s.quiz()._repr_html_()], trusted=True)
    cells = page.evaluate(COUNT)
    assert cells == 3
    for k, parts in enumerate(([*CLICKED[:2], *CLICKED[3:]], CLICKED[:4])):
        figure = page.locator(".graphstep-figure").nth(k)
        for part in parts:
            figure.locator(part).first.click()
            for key in ("d", "d", "x", "b", "j"):
                page.keyboard.press(key)
            assert page.evaluate(COUNT) == cells, part
    figure = page.locator(".graphstep-figure").first
    figure.locator("button.gs-first").click()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    assert figure.locator(NUMBER).input_value() == "3"
    figure.locator(".gs-bar input[type=range]").focus()
    page.keyboard.press("ArrowLeft")
    assert figure.locator(NUMBER).input_value() == "2"
    page.locator(".jp-Cell").last.click(position={"x": 20, "y": 5})  # outside, they are shortcuts
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    page.keyboard.press("d")
    eventually(page, lambda: page.evaluate(COUNT), cells - 1)


def test_a_notebook_that_is_not_trusted_shows_a_picture(saved):
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    page = saved([s._repr_html_()], trusted=False)
    figure = page.locator(".graphstep-figure").first
    assert page.locator(".gs-bar").count() == 0
    assert figure.locator("img").evaluate("image => image.naturalWidth") > 250
    said = [line.strip() for line in figure.inner_text().splitlines() if line.strip()]
    assert said[0] == s[-1].caption
    assert said[1].startswith("Scripts do not run here")
    assert said[2:] == []  # no pieces of what was removed


def test_nbconvert_gives_a_page_that_steps(browser, tmp_path):
    """Executed output in nbconvert's HTML, opened from a file, without a network."""
    from nbconvert import HTMLExporter

    s = gs.stepper("f = x * y", x=2, y=3)
    output = nbformat.v4.new_output("display_data", {"text/html": s._repr_html_()})
    cell = nbformat.v4.new_code_cell("s", outputs=[output])
    text, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    (tmp_path / "n.html").write_text(text, encoding="utf-8")
    page = browser.new_page()
    page.route("http*://**", lambda route: route.abort())
    page.goto(f"file://{tmp_path / 'n.html'}", wait_until="domcontentloaded")
    page.focus(".graphstep-figure")
    page.keyboard.press("End")
    assert page.locator(NUMBER).input_value() == str(len(s))
    page.close()
