"""`graphstep deck` as a user runs it: all formats, bad input, watching, killed builds."""

import io
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import command_line
import numpy as np
import pytest
from pptx import Presentation
from readme import ROOT

import graphstep as gs
from examples import png
from graphstep.base.words import languages
from graphstep.cli.help import help_text
from graphstep.figure.figure import Figure
from graphstep.outputs import DECKS, save_deck

SOURCE = """---
title: Градиент
author: Ада
---

# Часть

## Figures

Text with **bold**, $\\frac{df}{dx}$ and

- a list

```graphstep x=-2 y=5 z=-4
f = (x + y) * z
```

::: notes
Say this.
:::

## More

![A picture](a.png)

## Then

```graphstep W=@w.npy x=[1,2] --steps last
f = sum(W @ x)
```
"""


@pytest.fixture
def lecture(tmp_path, monkeypatch):
    """A folder with a deck, its picture and its array, in which the command runs."""
    (tmp_path / "lecture.md").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "a.png").write_bytes(png())
    np.save(tmp_path / "w.npy", [[1.0, 2.0], [3.0, 4.0]])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys, *args):
    """Exit status, standard output and standard error of `graphstep deck`."""
    return command_line.run(capsys, "deck", *args)


def files(folder):
    return sorted(path.name for path in folder.iterdir())


# --- outputs


def test_a_page_beside_the_file_is_the_default(capsys, lecture):
    assert run(capsys, "lecture.md") == (0, "lecture.html\n", "")
    page = (lecture / "lecture.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    for text in ("Градиент", "Часть", "a list", "Say this.", "<math", "data:image/png;base64,"):
        assert text in page, text
    assert files(lecture) == ["a.png", "lecture.html", "lecture.md", "w.npy"]


def test_all_formats_at_once(capsys, lecture):
    names = [f"new/lecture{suffix}" for suffix in DECKS]
    outputs = [word for name in names for word in ("-o", name)]
    assert run(capsys, "lecture.md", *outputs) == (0, "".join(f"{name}\n" for name in names), "")
    found = files(lecture / "new")
    assert found[0].startswith("image-")  # LaTeX takes pictures from files
    assert found[1:] == sorted(Path(name).name for name in names)
    assert (lecture / "new" / "lecture.pdf").read_bytes().startswith(b"%PDF")
    assert "\\begin{document}" in (lecture / "new" / "lecture.tex").read_text(encoding="utf-8")
    for name in ("lecture.pptx", "lecture.picture.pptx"):
        with zipfile.ZipFile(lecture / "new" / name) as package:
            slides = [n for n in package.namelist() if n.startswith("ppt/slides/slide")]
        # a title page, a part, four steps, a picture, one step
        assert len(slides) == 8, name


def test_the_same_file_gives_the_same_bytes(lecture):
    deck = gs.deck("lecture.md")
    for suffix in DECKS:
        one = save_deck(deck, f"one{suffix}").read_bytes()
        two = save_deck(gs.deck("lecture.md"), f"two{suffix}").read_bytes()
        assert one == two, suffix


def test_language_and_theme_come_from_the_command_line_first(capsys, lecture):
    assert run(capsys, "lecture.md", "--lang", "ru", "--theme", "dark", "-o", "ru.html")[0] == 0
    page = (lecture / "ru.html").read_text(encoding="utf-8")
    assert 'lang="ru"' in page
    assert "обратн" in page.lower()
    status, out, err = run(capsys, "lecture.md", "--lang", "xx")
    known = ", ".join(languages())
    assert (status, out, err) == (1, "", f"graphstep: lang cannot be 'xx'; it can be: {known}.\n")
    status, out, err = run(capsys, "lecture.md", "--theme", "auto")
    assert (status, out, err) == (
        1,
        "",
        "graphstep: theme cannot be 'auto'; it can be: light, dark.\n",
    )


def test_a_handout_is_a_pdf(capsys, lecture):
    assert run(capsys, "lecture.md", "--handout") == (0, "lecture.handout.pdf\n", "")
    handout = (lecture / "lecture.handout.pdf").read_bytes()
    assert handout.startswith(b"%PDF")
    assert run(capsys, "lecture.md", "--handout", "-o", "h.pdf")[:2] == (0, "h.pdf\n")
    assert (lecture / "h.pdf").read_bytes() == handout
    status, _, err = run(capsys, "lecture.md", "--handout", "-o", "h.html")
    assert (status, err) == (1, "graphstep: A handout is a PDF: end 'h.html' in .pdf.\n")


def test_help_and_usage(capsys, lecture):
    assert run(capsys, "--help") == (0, help_text("deck"), "")
    status, out, err = run(capsys)
    assert (status, out) == (2, "")
    assert err.endswith("Try graphstep deck --help.\n")
    assert run(capsys, "lecture.md", "--loud")[0] == 2
    options = {word.strip(",") for word in help_text("deck").split() if word.startswith("--")}
    from graphstep.cli.deck import _parser

    known = {name for action in _parser()._actions for name in action.option_strings}
    assert options >= {name for name in known if name.startswith("--")}


def test_progress_is_counted_in_figures_and_files(capsys, lecture, monkeypatch):
    import tqdm

    bars = []

    class Bar(tqdm.tqdm):
        def __init__(self, **options):
            super().__init__(**options, file=io.StringIO())
            bars.append(self)

    monkeypatch.setattr(tqdm, "tqdm", Bar)
    run(capsys, "lecture.md", "-o", "a.html", "-o", "a.tex")
    assert [bar.total for bar in bars] == [4]


# --- bad input


MUCH = "\n".join(f"- point {k}" for k in range(20))
LITTLE = "\n".join(f"- point {k}" for k in range(9))
FENCE = "```graphstep x=2\nf = x**2\n```"


def test_texts_that_come_out_small_are_told_with_their_place(capsys, lecture):
    text = f"## Much\n\n{MUCH}\n\n## Little\n\n{LITTLE}\n\n---\n\n{MUCH}\n"
    (lecture / "lecture.md").write_text(text)
    status, out, err = run(capsys, "lecture.md")
    assert (status, out) == (0, "lecture.html\n")
    first, second = err.splitlines()
    assert first == (
        "graphstep: lecture.md, line 1: in lecture.html, the slide 'Much' has texts of "
        "11 points, and from the last row only 18 can be read. Split it: a heading or a line of --- begins the next slide."
    )
    assert second.startswith("graphstep: lecture.md, line 37: in lecture.html, this slide ")
    assert text.splitlines()[35] == "---"
    assert "строка 1: в lecture.html слайд «Much»" in run(capsys, "lecture.md", "--lang", "ru")[2]
    assert run(capsys, "lecture.md", "--handout")[2] == ""  # paper has as many pages as it needs


def test_each_format_tells_of_its_own_small_texts(capsys, lecture):
    points = "\n".join(f"- point {k}" for k in range(17))
    (lecture / "lecture.md").write_text(f"## Title\n\n{points}\n")
    paths = [f"lecture.{suffix}" for suffix in ("html", "pdf", "pptx", "tex")]
    err = run(capsys, "lecture.md", *(part for path in paths for part in ("-o", path)))[2]
    told = dict(re.findall(r"in (\S+), the slide .*? of (\d+) points", err))
    assert told == dict(zip(paths, ("13", "15", "15", "17"), strict=True))
    (lecture / "lecture.md").write_text(f"## Title\n\n{points}\n{points}\n{points}\n")
    err = run(capsys, "lecture.md", *(part for path in paths for part in ("-o", path)))[2]
    assert set(re.findall(r"in (\S+), the slide", err)) == set(paths)


def test_what_is_too_long_is_told_with_how_much(capsys, lecture):
    """Of each format, what becomes of it; the numbers are those of the files: see the tests of formats."""
    points = "\n".join(f"- point {k}" for k in range(120))
    title = "A title that is longer than it should be in a line of a message, by words"
    (lecture / "lecture.md").write_text(f"## {title}\n\n{points}\n\n## Little\n\n{LITTLE}\n")
    paths = [f"lecture.{suffix}" for suffix in ("html", "pdf", "pptx", "tex")]
    err = run(capsys, "lecture.md", *(part for path in paths for part in ("-o", path)))[2]
    told = [line.partition("…' ")[2].partition(". Split it: ")[0] for line in err.splitlines()]
    number = re.compile(r"\d+")
    assert [number.sub("N", text) for text in told] == [
        "has to be scrolled, and printed on several pages: even with its smallest text it is too long, by about N % of the screen",
        "takes N pages, even with its smallest text",
        "is cut: even with its smallest text it is too long, by N % of the page",
        "has texts of N points, and from the last row only N can be read",
    ]
    assert all(int(number.search(text)[0]) >= 2 for text in told)
    russian = run(capsys, "lecture.md", "--lang", "ru", "-o", "lecture.pptx")[2]
    cut = (
        r"слайд «.*…» обрезан: даже самым мелким текстом он не помещается, лишнего \d+ % страницы\."
    )
    assert re.search(cut, russian)


def test_texts_beside_a_figure_have_less_room(capsys, lecture):
    few, more = ("\n".join(f"- point {k}" for k in range(count)) for count in (6, 13))
    for text, count in ((more, 0), (f"{more}\n\n{FENCE}", 1), (f"{few}\n\n{FENCE}", 0)):
        (lecture / "lecture.md").write_text(f"## Title\n\n{text}\n")
        assert run(capsys, "lecture.md")[2].count("has texts of") == count


def test_formulas_and_letters_of_drawings_that_are_small_are_told(capsys, lecture):
    """In each format of its own formulas; in all of them, of the same drawing."""
    fence = (
        '```graphstep "W=[[1, 2], [2, -1]]" "x=[2, 1]" "b=[0, 2]" y=0 --local never\n'
        "svm(s, y) = hinge(s, y); L = svm(W @ x + b, y) + 0.1*l2(W)\n```"
    )
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="300"><g font-size="{}"><text x="9" y="90">a</text></g></svg>'
    for name, size in (("small", 8), ("large", 30)):
        (lecture / f"{name}.svg").write_text(svg.format(size))
    text = (
        f"## Graph\n\n{fence}\n\n## Drawn\n\n![a](small.svg)\n\n## Well drawn\n\n![a](large.svg)\n"
    )
    (lecture / "lecture.md").write_text(text)
    paths = [f"lecture.{suffix}" for suffix in ("html", "pdf", "pptx", "tex")]
    err = run(capsys, "lecture.md", *(part for path in paths for part in ("-o", path)))[2]
    formulas = re.findall(r"in (\S+), the slide 'Graph' has formulas of (\d+) points", err)
    assert {"lecture.pptx", "lecture.tex"} <= dict(formulas).keys()
    assert all(7 < int(size) < 12 for _, size in formulas)
    drawn = re.findall(
        r"in (\S+), the slide 'Drawn' has a picture with letters of (\d+) points", err
    )
    assert drawn == [(path, "6") for path in paths]
    assert "Well drawn" not in err


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "line 1: in lecture.handout.pdf, the slide 'Long' has a figure with texts of 6 points, and on paper 7"),
     ("ru", "строка 1: в lecture.handout.pdf слайд «Long» мелок на рисунке: там 6 пт, а на бумаге нужно не меньше 7")],
)  # fmt: skip
def test_a_figure_that_is_too_large_for_paper_is_told(capsys, lecture, lang, said):
    chain = " * ".join(["x"] * 12)
    text = (
        f"## Long\n\n```graphstep x=1 --direction right\nf = {chain}\n```\n\n## Short\n\n{FENCE}\n"
    )
    (lecture / "lecture.md").write_text(text)
    err = run(capsys, "lecture.md", "--handout", "--lang", lang)[2]
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "line 1: in lecture.handout.pdf, the slide 'Long' has a program of 5 points, and on paper 7"),
     ("ru", "строка 1: в lecture.handout.pdf слайд «Long» мелок в программе: там 5 пт, а на бумаге нужно не меньше 7")],
)  # fmt: skip
def test_a_program_that_is_too_small_on_paper_is_told(capsys, lecture, lang, said):
    fence = "```\n{}\n```\n"
    text = f"## Long\n\n{fence.format('x' * 160)}\n## Short\n\n{fence.format('x' * 60)}"
    (lecture / "lecture.md").write_text(text)
    err = run(capsys, "lecture.md", "--handout", "--lang", lang)[2]
    assert said in err
    assert err.count("\n") == 1
    assert "114" in err
    small = f":::: small\n::: small\n{fence.format('x' * 60)}:::\n::::\n"
    (lecture / "lecture.md").write_text(f"## Long\n\n{small}")
    err = run(capsys, "lecture.md", "--handout", "--lang", lang)[2]
    assert {"en": "Leave out the attribute", "ru": "Уберите атрибут"}[lang] in err
    assert err.count("\n") == 1


def test_an_error_leaves_the_old_files(capsys, lecture):
    for name in ("lecture.html", "lecture.pdf"):
        (lecture / name).write_text("old")
    before = files(lecture)
    broken = SOURCE.replace("(x + y)", "(x ^ y)")
    (lecture / "lecture.md").write_text(broken, encoding="utf-8")
    status, out, err = run(capsys, "lecture.md", "-o", "lecture.html", "-o", "lecture.pdf")
    assert (status, out) == (1, "")
    assert err == (
        "graphstep: lecture.md, line 15, column 6: ^ is not a power in this language. Write x**y.\n"
        "    f = (x ^ y) * z\n         ^^^^^\n"
    )
    assert [(lecture / name).read_text() for name in ("lecture.html", "lecture.pdf")] == ["old"] * 2
    assert files(lecture) == before


def test_an_error_of_a_russian_deck_is_in_russian_unless_asked_otherwise(capsys, lecture):
    (lecture / "r.md").write_text("---\nlang: ru\n---\n# А\n\n<b>\n", encoding="utf-8")
    says = "HTML в презентации не используется. Напишите это на Markdown; комментарии <!-- ... --> — заметки для докладчика."
    assert run(capsys, "r.md") == (
        1,
        "",
        f"graphstep: r.md, строка 6, столбец 1: {says}\n    <b>\n    ^^^\n",
    )
    assert run(capsys, "r.md", "--lang", "en")[2].startswith(
        "graphstep: r.md, line 6, column 1: HTML is"
    )


def test_a_missing_file(capsys, lecture):
    status, out, err = run(capsys, "none.md")
    assert (status, out, err) == (
        1,
        "",
        "graphstep: Cannot read none.md: No such file or directory.\n",
    )


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("a.bmp", "The ending of 'a.bmp' stands for no format; known endings: .html .pdf .pptx"),
        ("a", "The ending of 'a' stands for no format"),
        ("folder.html", "Cannot write folder.html: Is a directory."),
        ("lecture.md/a.html", "Cannot write lecture.md/a.html: Not a directory."),
        ("a\0.html", "Cannot write a\\x00.html: "),
        ("shut/a.html", "Cannot write shut/a.html: Permission denied."),
    ],
)  # fmt: skip
def test_a_bad_output_is_told_before_the_work(capsys, lecture, monkeypatch, name, says):
    (lecture / "folder.html").mkdir()
    (lecture / "shut").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode, **options: Path(path).name != "shut")
    before = files(lecture)
    monkeypatch.setattr("graphstep.cli.deck.opened", lambda *_: pytest.fail("work was done"))
    status, out, err = run(capsys, "lecture.md", "-o", "good.html", "-o", name)
    assert (status, out) == (1, "")
    assert says in err
    assert files(lecture) == before


def test_what_cannot_be_written_in_the_end_leaves_everything(capsys, lecture, monkeypatch):
    (lecture / "lecture.html").write_text("old")
    before = files(lecture)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    status, _, err = run(capsys, "lecture.md")
    assert (status, err) == (1, "graphstep: Cannot write lecture.html: No space left on device.\n")
    assert (lecture / "lecture.html").read_text() == "old"
    assert files(lecture) == before


def test_a_missing_package_is_told_with_what_installs_it(capsys, lecture, monkeypatch):
    monkeypatch.setitem(sys.modules, "pylatexenc.latexwalker", None)
    status, out, err = run(capsys, "lecture.md")
    assert (status, out) == (1, "")
    assert "pip install 'graphstep[slides]'" in err
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    status, out, err = run(capsys, "lecture.md", "--watch")
    assert (status, out) == (1, "")
    assert err.startswith("graphstep: --watch needs packages that are not installed.")


def test_an_error_of_a_writer_is_in_the_language_of_the_deck(capsys, lecture):
    made = Presentation()
    for layout in made.slide_layouts:
        for shape in [x for x in layout.placeholders if x.placeholder_format.type in (1, 3)]:
            shape.element.getparent().remove(shape.element)
    made.save(lecture / "own.pptx")
    (lecture / "ru.md").write_text("---\nlang: ru\ntemplate: own.pptx\n---\n# A\n", "utf-8")
    status, _, err = run(capsys, "ru.md", "-o", "ru.pptx")
    assert status == 1
    assert "own.pptx" in err
    assert "макет" in err


# --- processes: killed, watching

SLOW = """
import sys, time
import graphstep.player.reveal_deck as page
from graphstep.cli.main import main
page.deck = lambda deck: print("building", flush=True) or time.sleep(100)
sys.exit(main(["deck", "lecture.md"]))
"""


@pytest.mark.parametrize(
    ("kill", "status"),
    [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 143), (signal.SIGINT, 130)],
)
def test_a_killed_build_leaves_the_old_file(lecture, kill, status):
    (lecture / "lecture.html").write_text("old")
    before = files(lecture)
    with subprocess.Popen(
        [sys.executable, "-c", SLOW], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"building\n"
        process.send_signal(kill)
        assert process.wait(30) == status
        assert process.stderr.read() == b""
    assert (lecture / "lecture.html").read_text() == "old"
    assert files(lecture) == before


class Watching:
    """`graphstep deck --watch` in a process of its own, read line by line."""

    def __init__(self, *args):
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "graphstep", "deck", *args, "--watch"], env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        )  # fmt: skip
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def line(self):
        """The next line it prints."""
        return self.lines.get(timeout=60)

    def until(self, part):
        """The first line from here on with a part in it: a change may be seen half done."""
        while part not in (line := self.line()):
            pass
        return line

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(30)
        self.reader.join(30)
        rest = list(self.lines.queue)
        self.process.stdout.close()
        return status, rest


@pytest.fixture
def watching(lecture):
    process = Watching("lecture.md", "-o", "lecture.html", "-o", "lecture.tex")
    yield process
    process.process.kill()
    process.process.wait(30)
    process.reader.join(30)
    process.process.stdout.close()


def test_watching_builds_again_what_changed(lecture, watching):
    page, source = lecture / "lecture.html", lecture / "lecture.md"
    first = watching.line()
    assert first.startswith("lecture.html, lecture.tex: ")
    assert first.endswith(" s, 2 of 2 figures drawn.")
    old = page.read_text(encoding="utf-8")

    source.write_text(SOURCE.replace("a list", "another list"), encoding="utf-8")
    assert watching.until("0 of 2 figures drawn.")
    assert "another list" in page.read_text(encoding="utf-8")
    assert "another list" in (lecture / "lecture.tex").read_text(encoding="utf-8")

    source.write_text(SOURCE.replace("x=-2", "x=-3"), encoding="utf-8")
    assert watching.until("1 of 2 figures drawn.")

    np.save(lecture / "w.npy", [[1.0, 2.0], [3.0, 5.0]])
    assert watching.until("1 of 2 figures drawn.")

    # the picture is read again, no figure is drawn
    (lecture / "a.png").write_bytes(png(3, 3))
    assert watching.until("0 of 2 figures drawn.")

    # an error is printed, and the old files stay
    before = page.read_text(encoding="utf-8")
    assert before != old
    source.write_text(SOURCE.replace("(x + y)", "(x ^ y)"), encoding="utf-8")
    told = watching.until("lecture.md, line 15, column 6: ^ is not a power in this language.")
    assert told.startswith("graphstep: ")
    assert (watching.line(), watching.line()) == ("    f = (x ^ y) * z", "         ^^^^^")
    assert page.read_text(encoding="utf-8") == before

    # a file that is not there is waited for
    source.write_text(SOURCE.replace("a.png", "later/b.png"), encoding="utf-8")
    watching.until("Cannot read later/b.png")
    (lecture / "later").mkdir()
    (lecture / "later" / "b.png").write_bytes(png())
    watching.until("figures drawn.")

    # a file that is put in the place of the old one, as editors do
    (lecture / "new.md").write_text(SOURCE, encoding="utf-8")
    os.replace(lecture / "new.md", source)
    watching.until("figures drawn.")
    status, rest = watching.stop()
    assert status == 130
    assert not [line for line in rest if "Traceback" in line]


def test_watching_tells_in_the_language_of_the_deck(lecture):
    (lecture / "r.md").write_text(
        "---\nlang: ru\n---\n# А\n\n```graphstep x=1\nf = x * 2\n```\n", encoding="utf-8"
    )
    process = Watching("r.md")
    try:
        line = process.line()
        assert line.startswith("r.html: ")
        assert line.endswith(" с; заново построено рисунков: 1 из 1.")
    finally:
        status, rest = process.stop()
    assert (status, rest) == (130, [])


def test_figures_are_kept_by_all_they_follow_from(lecture, monkeypatch):
    from graphstep.cli.deck import _DeckBuilder, _parser, _targets

    made = []
    real = Figure.of
    monkeypatch.setattr(
        Figure, "of", lambda *args, **named: made.append(args) or real(*args, **named)
    )
    options = _parser().parse_args(["lecture.md", "-o", "a.tex"])
    builder = _DeckBuilder(options, _targets(options), {})
    assert builder.build()[1] == 2
    kept = dict(builder.figures.kept)
    assert builder.build()[1] == 0
    assert all(builder.figures.kept[key] is kept[key] for key in kept)
    (lecture / "lecture.md").write_text(
        SOURCE + "\n# Again\n\n```graphstep x=1\nf = x\n```\n" * 2, encoding="utf-8"
    )
    assert builder.build()[1] == 1  # twice the same figure is one
    (lecture / "lecture.md").write_text("# Nothing left\n", encoding="utf-8")
    assert builder.build()[1] == 0
    assert builder.figures.kept == {}
    assert len(made) == 3


# --- the document

DOCUMENT = (ROOT / "docs" / "decks.md").read_text(encoding="utf-8")


def test_the_document_shows_what_can_be_built(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    example, *others = re.findall("````markdown\n(.*?)\n````", DOCUMENT, re.DOTALL)
    Path("lecture.md").write_text(example, encoding="utf-8")
    deck = gs.deck("lecture.md")
    assert (len(deck.slides), deck.slides[1].figure.stepper.value) == (3, -12.0)
    assert len(others) > 2
    for k, other in enumerate(others):
        Path(f"other{k}.md").write_text(other, encoding="utf-8")
        assert run(capsys, f"other{k}.md", "-o", f"other{k}.html")[0] == 0
    assert (
        run(capsys, "lecture.md", "-o", "a.html", "-o", "a.pdf", "-o", "a.pptx", "-o", "a.tex")[0]
        == 0
    )

    Path("lecture.md").write_text(example.replace("q * z\n```", "q ^ 2\n```"), encoding="utf-8")
    error = run(capsys, "lecture.md")[2]
    assert " ".join(error.split()) in " ".join(DOCUMENT.split())


def test_the_document_knows_all_options():
    from graphstep.figure.options import FENCE_OPTIONS
    from graphstep.markdown.front_matter import KEYS

    keys = DOCUMENT[DOCUMENT.index("| key |") : DOCUMENT.index("`--lang` and `--theme`")]
    assert set(KEYS) <= set(re.findall(r"`(\w+)`", keys))
    options = DOCUMENT[DOCUMENT.index("| option |") : DOCUMENT.index("A flag that")]
    assert set(re.findall(r"`--(\w+)[ `]", options)) == set(FENCE_OPTIONS)


def test_colours_of_a_theme_that_are_hard_to_see_are_reported(capsys, lecture):
    Path("own.toml").write_text('[colors]\ntext = "#888888"\naccent = "#ff0000"\n')
    Path("talk.md").write_text("---\ntheme: own.toml\n---\n\n# A\n")
    status, _, error = run(capsys, "talk.md")
    assert status == 0
    assert error == (
        "graphstep: own.toml: the color text, #888888, is hard to see on #ffffff: its contrast is 3.5, "
        "and 4.5 is needed. Make it darker.\n"
    )
    assert run(capsys, "talk.md", "--theme", "dark")[2] == ""


@pytest.mark.parametrize("more", [(), ("--handout",)])
def test_fonts_that_are_not_installed_are_told_for_pdf(capsys, lecture, more):
    """A browser and PowerPoint look for fonts where the deck is shown."""
    Path("own.toml").write_text('[fonts]\ntext = "Not There"\ncode = "dejavu sans MONO"\n')
    Path("talk.md").write_text("---\ntheme: own.toml\nlang: ru\n---\n\n# A\n")
    status, _, said = run(capsys, "talk.md", "-o", "a.pdf", *more)
    assert status == 0
    assert said.splitlines() == [
        "graphstep: a.pdf: шрифт Not There здесь не установлен, вместо него взят обычный. "
        "Установите его или укажите другой в own.toml."
    ]
    if not more:
        assert run(capsys, "talk.md", "-o", "a.html", "-o", "a.pptx", "-o", "a.tex")[2] == ""
    Path("own.toml").write_text('[fonts]\ntext = "DejaVu Sans"\n')
    assert run(capsys, "talk.md", "-o", "a.pdf", *more)[2] == ""


@pytest.mark.parametrize(("options", "path"), [((), "l.pdf"), (("--handout",), "h.pdf")])
def test_characters_without_a_font_are_told(capsys, lecture, options, path):
    """Of the PDF alone: other files are shown with the fonts of who opens them."""
    text = (
        "## One ✓ →\n\n- 漢字 and `漢`\n\n| 🚀 | $x$ |\n|---|---|\n| Ж | ∂ |\n\n## Two\n\nα ≤ ∞\n"
    )
    (lecture / "lecture.md").write_text(text, encoding="utf-8")
    err = run(capsys, "lecture.md", *options, "-o", path)[2]
    assert sorted(
        re.search(r"'One ✓ →' has characters for which there is no font: (.*?)\. ", err)[1].split()
    ) == sorted("漢字🚀")
    assert err.count("no font") == 1
    for other in ("l.html", "l.pptx"):
        assert "no font" not in run(capsys, "lecture.md", "-o", other)[2]


def test_confined_decks_and_sheets(capsys, tmp_path):
    deck = tmp_path / "deck" / "a.md"
    deck.parent.mkdir()
    np.save(tmp_path / "w.npy", [1.0, 2.0])
    deck.write_text("# A\n\n```graphstep W=@../w.npy\nf = sum(W)\n```\n")
    target, sheets = tmp_path / "a.html", tmp_path / "sheets.pdf"
    for command in (("deck", deck, "-o", target), ("exercise", deck, "-o", sheets)):
        status, out, err = command_line.run(capsys, *map(str, command), "--confined")
        assert (status, out) == (1, "")
        assert "a.md, line 3, column 14: ../w.npy is outside of the folder" in err
        assert not command[-1].exists()
        assert command_line.run(capsys, *map(str, command))[0] == 0
