"""Texts that would do something, in every place where a user writes, in every output: none is obeyed."""

import subprocess
import sys
from dataclasses import replace

import harmless
import pytest
from hostile_texts import INJECTIONS, MARK, OF_PAGES
from presentations import DOT

import graphstep as gs
from graphstep.documents import pdf
from graphstep.engine.computational_graph import ComputationalGraph
from graphstep.formulas.tree import Marked, Name, Row, Words
from graphstep.gates import GATES
from graphstep.graph.nodes import Node
from graphstep.outputs import FORMATS, deck_content, plan
from graphstep.player.page import page as page_of
from graphstep.program.program import program
from graphstep.slides import deck as sl
from graphstep.slides.figure_rows import row_of

ONE_LINE = [" ".join(text.split()) for text in INJECTIONS]


def figure(text, comment=""):
    """A figure with a text as the sign of a gate, and one as a comment."""

    @gs.gate(name="bad", symbol=text, local=[lambda x: 1.0])
    def bad(x):
        return x

    return gs.stepper(f"f = bad(x) * 2  # {comment or text}", x=1)


def slide(text):
    """A slide with a text wherever a deck has one."""
    run = sl.Run(text, bold=True, link=text)
    formula = sl.Formula(Row((Name(text), Words(text), Marked(Name("x"), "local", text))), text)
    blocks = (
        sl.Paragraph((run, sl.Run(text, code=True, link=f"https://example.org/{text}"), formula)), sl.Heading((run,), 3), sl.Items(((sl.Paragraph((run,)),),), 1),
        sl.Code(text, text), sl.Table((((run,),), ((run,),)), ("left",)), sl.Quote((sl.Paragraph((run,)),)), sl.Display(formula), sl.Picture(DOT, ".svg", text),
    )  # fmt: skip
    layers = (sl.Layer(blocks[:3], frozenset((0,)), text), sl.Layer(blocks[3:], frozenset((1,))))
    return sl.Slide((run,), (*blocks, sl.Timed(layers)), text)


def deck():
    """A slide for each text, and a figure with all of them."""
    everything = figure("x", " ".join(ONE_LINE))
    row = row_of((everything, everything), ((0, 1), (0, 2)), in_turn=False)
    shown = sl.Slide((), (sl.FigureBlock(everything, (0, 2), captions=(0, 2)),))
    beside = sl.Slide((), (sl.FigureBlock(row, (0, 1), captions=(0, 1)),))
    return sl.Deck(sl.Meta(*(" ".join(ONE_LINE),) * 3), (*map(slide, INJECTIONS), shown, beside))


@pytest.mark.parametrize("ending", [".html", ".tex", ".pptx", ".picture.pptx"])
def test_decks_contain_nothing_that_is_active(ending):
    made = deck_content(f"a{ending}")(deck())
    checks = {".html": lambda text: harmless.page(text, scripts=5), ".tex": harmless.tex}
    checks.get(ending, harmless.presentation)(made)


def test_the_code_of_paper_has_texts_in_quotes_only():
    harmless.typst(pdf._slides(deck())[0])


@pytest.mark.parametrize("text", ONE_LINE, ids=range(len(ONE_LINE)))
def test_figures_contain_nothing_that_is_active(text):
    s = figure(text)
    harmless.fragment(s[-1].svg(), "svg")
    harmless.page(plan(s, "f.html")[0][1](), scripts=2)  # the stage is in the page itself
    harmless.page(page_of(s, quiz=True), scripts=3)
    harmless.page(plan(s, "f.deck.html")[0][1](), scripts=3)
    harmless.tex(plan(s, "f.tex")[0][1]())


@pytest.mark.parametrize("text", INJECTIONS, ids=range(len(INJECTIONS)))
def test_programs_contain_nothing_that_is_active(text):
    """As a comment, and as what the parser refuses: the names of nodes, gates and their inputs."""
    line = " ".join(text.split())
    s = gs.stepper(f"n(x) = tanh(x*x)/x**3  # {line}\nf = n(x)*n(y) # {line}", x=1, y=2)
    made = plan(s, "f.py")[0][1]()
    harmless.python(made)
    assert MARK not in made
    long = replace(GATES["gelu"], name=text, symbol=text, params=(text,))
    nodes = (Node(None, (), text), Node(None, (), f"d{text}"), Node(long, (0,), f"x{text}"), Node(GATES["mul"], (2, 1), text + "x"))  # fmt: skip
    graph = ComputationalGraph(nodes, 3, {node.name: i for i, node in enumerate(nodes)})
    for inputs in ((0.5, 2.0), ([0.5, 1.0], 2.0)):
        tape = graph.forward(dict(zip(graph.inputs, inputs, strict=True)))
        made = str(program(tape.arriving([1.0, 2.0]) if type(inputs[0]) is list else tape))
        harmless.python(made)
        assert MARK not in made
        exec(compile(made.replace("print(", "("), "f.py", "exec"), {})


def test_programs_that_would_be_active_are_seen():
    for text in ("import os", "eval(x)", "np.load(x)", "x.__class__", "print('a b')", "open(x)", "class A: pass"):  # fmt: skip
        with pytest.raises(AssertionError):
            harmless.python(text)


def test_all_formats_of_the_table_are_looked_at():
    """Those that are not above have no language of their own: pictures, films, plain text, PDF."""
    known = {".html", ".deck.html", ".tex", ".svg", ".pptx", ".picture.pptx", ".py"}
    assert FORMATS.keys() - known == {
        ".dot",
        ".txt",
        ".json",
        ".png",
        ".gif",
        ".apng",
        ".pdf",
        ".crop.pdf",
    }


def test_names_are_identifiers():
    """So no injection can stand where a name of an input or a node stands."""
    for text in ONE_LINE:
        if not text.isidentifier():
            with pytest.raises(gs.GraphstepError):
                gs.parse(f"f = {text} * x").forward({text: 1, "x": 2})


# --- in a browser, without the policy of the page


@pytest.fixture
def watched(browser):
    """A tab that obeys whatever a page says, and everything that it asked for or said."""
    context = browser.new_context(bypass_csp=True)
    seen = []
    context.route("**/*", lambda route: (seen.append(route.request.url), route.abort())
                  if not route.request.url.startswith("file:") else route.continue_())  # fmt: skip
    tab = context.new_page()
    tab.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    tab.on("popup", lambda page: seen.append(page.url))
    yield tab, seen
    context.close()


def obeyed(watched, path):
    """What a page did that no page should: requests, dialogs, a mark, active elements."""
    tab, seen = watched
    tab.goto(path.as_uri())
    tab.wait_for_timeout(300)
    for key in ("ArrowRight", "ArrowRight", "End", "Home"):
        tab.keyboard.press(key)
    found = tab.evaluate(
        "names => [...document.querySelectorAll(names)].map(e => e.outerHTML.slice(0, 100))",
        "iframe, object, embed, form:not(.gs-asked, [action='search.html']), base, link[href*=':'], [onerror], [onload], [onfocus], image[href^=http]",
    )
    mark = tab.evaluate(f"typeof window.{MARK}")
    return (
        [url for url in seen if not url.startswith("data:")],
        found,
        mark,
        tab.url == path.as_uri() or "#" in tab.url,
    )


NOTHING = ([], [], "undefined", True)


@pytest.mark.browser
def test_a_deck_in_a_browser_obeys_nothing(watched, tmp_path):
    path = tmp_path / "deck.html"
    path.write_text(deck_content("a.html")(deck()), encoding="utf-8")
    assert obeyed(watched, path) == NOTHING


@pytest.mark.browser
def test_figures_in_a_browser_obey_nothing(watched, tmp_path):
    path = tmp_path / "f.html"
    figures = [figure(text) for text in (" ".join(text.split()) for text in OF_PAGES)]
    path.write_text(page_of(*figures, title=" ".join(ONE_LINE)), encoding="utf-8")
    assert obeyed(watched, path) == NOTHING


@pytest.mark.browser
def test_the_watch_sees_what_is_obeyed(watched, tmp_path):
    """The same texts as markup."""
    path = tmp_path / "f.html"
    path.write_text(
        f"<!DOCTYPE html><body>{OF_PAGES[0]}{OF_PAGES[4]}<iframe src='https://gsmark.test/'></iframe>"
    )
    asked, found, mark, _ = obeyed(watched, path)
    assert ("https://gsmark.test/" in asked, len(found), mark) == (True, 2, "number")


# --- sources of Sphinx

CONF = """
extensions = ["graphstep.sphinx"]
html_theme = "basic"
html_math_renderer = "graphstep"
graphstep_confined = True
"""
BUILD = f"""
import sys
seen = []
def hook(event, args):
    if event in ("os.system", "subprocess.Popen", "os.exec", "socket.connect") or (
        event == "open" and ("{MARK}" in str(args[0]) or str(args[0]).startswith(("/etc/passwd", "/dev/zero")))):
        seen.append((event, str(args[:1])))
sys.addaudithook(hook)
from sphinx.cmd.build import main
status = main(sys.argv[1:])
print("status", status, "seen", seen)
"""
ENORMOUS = (
    "9" * 5000,
    "x" * 100_000,
    "[" * 3000,
    "1e" + "9" * 50,
    "randn(10000, 10000)",
    "-" * 5000,
)


def directives():
    """A directive for each option and text, and for each text as an expression and an input."""
    from graphstep.sphinx import DIRECTIVE_OPTIONS

    names = ("inputs", "with", "name", *DIRECTIVE_OPTIONS)
    for k, text in enumerate((*ONE_LINE, *ENORMOUS)):
        yield f".. graphstep:: f = x * 2  # {text}\n   :inputs: x=1\n   :{names[k % len(names)]}: {text}\n"
        yield f".. graphstep:: {text}\n   :inputs: x={text}\n"
        yield f".. graphstep:: f = x * 2  # {text}\n   :inputs: x=1\n"
        yield f".. math:: {text}\n"


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory):
    """The folder of a built site, what was told, and what the build did."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "conf.py").write_text(CONF)
    (folder / "index.rst").write_text("Top\n===\n\n" + "\n".join(directives()), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", BUILD, "-q", "-b", "html", folder, folder / "_html"],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return folder / "_html" / "index.html", done.stderr, done.stdout


def test_hostile_sources_of_sphinx_give_errors_at_their_lines(hostile_site):
    path, told, did = hostile_site
    assert did.strip() == "status 0 seen []"
    assert "Traceback" not in told
    assert "exception" not in told.lower()
    assert told.count("index.rst:") > len(INJECTIONS)
    text = path.read_text(encoding="utf-8")
    assert text.count("graphstep-figure") >= len(INJECTIONS)


@pytest.mark.browser
def test_a_page_of_hostile_sources_obeys_nothing(hostile_site, watched):
    assert obeyed(watched, hostile_site[0]) == NOTHING
