"""Front matter: what it says of a deck, and how to write what cannot be read."""

import pytest
import yaml
from deck_parts import t, top
from presentations import DOT, DOT_PNG

import graphstep as gs
from graphstep.markdown import Document, read
from graphstep.markdown.front_matter import MOST_FRONT_CHARACTERS
from graphstep.pictures.vector import plain_svg
from graphstep.slides.deck import (
    MARGIN,
    MOST_FOOTER,
    NOTE,
    SIZES,
    Deck,
    Meta,
    Picture,
    footer_size,
)


def test_the_front_matter_says_what_the_deck_is():
    source = (
        '---\ntitle: "Chain  rule: how"\nauthor: [Ada, Émilie]\ndate: 2024-02-30\nlang: ru\n'
        "theme: dark\naspect: 4:3\n# a comment\ndigits: 3\nforward: Yes\nby: wire\n---\n# A\n"
    )
    document = Document(source)
    meta = Meta("Chain rule: how", "Ada, Émilie", "2024-02-30", "ru", "dark", "4:3")
    assert document.deck() == Deck(meta, (top(t("A")),))
    assert document.front.options == {"digits": 3, "forward": True, "by": "wire"}
    assert read("---\n---\n# A\n").meta == Meta()
    said = "subtitle: How  it works\ninstitute: [CS, Maths]\nfooter: '  Autumn'\nnumbering: page\n"
    assert read(f"---\n{said}---\n# A\n").meta == Meta(
        subtitle="How it works", institute="CS, Maths", footer="Autumn", numbering="page"
    )
    assert read("---\ntitle: no slides\n---\n").slides == ()
    assert document.with_meta(lang="en").deck().meta == meta._replace(lang="en")


def with_logo(name, folder, **options):
    """What is read of a deck with a logo."""
    return read(f"---\nlogo: {name}\n---\n# A\n", "talk.md", folder, **options).meta.logo


def test_a_logo_is_a_picture_beside_the_deck(tmp_path):
    (tmp_path / "our logo%20.svg").write_bytes(DOT)
    (tmp_path / "a.png").write_bytes(DOT_PNG)
    drawing = with_logo("our logo%20.svg", tmp_path)
    assert drawing == Picture(plain_svg(DOT), ".svg")
    assert with_logo("a.png", tmp_path, confined=True) == Picture(DOT_PNG, ".png")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("https://example.org/a.png", "picture_address"),
        ("file:///a.png", "picture_address"),
        ("//host/a.png", "picture_address"),
        ("none.png", "cannot_read"),
        ("notes.txt", "picture_kind"),
        ("scripted.svg", "picture_active"),
        ("broken.png", "picture_broken"),
        ("../a.png", "outside_folder"),
    ],
)
def test_a_logo_is_vetted_as_any_picture(name, key, tmp_path):
    inner = tmp_path / "deck"
    inner.mkdir()
    (tmp_path / "a.png").write_bytes(DOT_PNG)
    (inner / "notes.txt").write_text("x")
    (inner / "broken.png").write_bytes(DOT_PNG[:50])
    scripted = DOT.replace(b"<circle", b"<script>alert(1)</script><circle")
    (inner / "scripted.svg").write_bytes(scripted)
    with pytest.raises(gs.GraphstepError) as error:
        with_logo(name, inner, confined=True)
    assert error.value.key == key
    assert str(error.value).startswith("talk.md, line 2, column 7: ")


def test_a_footer_that_nobody_could_read_is_refused():
    assert read(f"---\nfooter: {'x' * MOST_FOOTER}\n---\n# A\n").meta.footer == "x" * MOST_FOOTER
    with pytest.raises(gs.GraphstepError, match="at most 70"):
        read(f"---\nfooter: {'x' * (MOST_FOOTER + 1)}\n---\n# A\n")
    for aspect, (wide, _) in SIZES.items():
        assert footer_size("W" * MOST_FOOTER, wide - 2 * MARGIN) < NOTE, aspect
        letters = ("footer of usual letters " * 4)[:MOST_FOOTER]
        assert footer_size(letters, wide - 2 * MARGIN) > 7.0, aspect
    assert footer_size("short", 880.0) == NOTE


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a: b", "a: b"),
        ('"a: b', "a: b"),
        ('"a": the rule', '"a": the rule'),
        ('the rule: "a"', 'the rule: "a"'),
        ('it\'s "a": b', 'it\'s "a": b'),
    ],
)
def test_front_matter_is_told_how_it_can_be_read(written, meant):
    with pytest.raises(gs.GraphstepError) as error:
        Document(f"---\ntitle: {written}\n---\n\n# A\n")
    assert yaml.safe_load(error.value.values["example"]) == {"title": meant}


BOMBS = {
    "aliases": "title: &a " + "x" * 500_000 + "\nauthor: [" + "*a," * 400_000 + "]",
    "brackets": "title: " + "[" * 100_000,
    "keys": "k" * 100_000 + ": 1",
    "lines": "lang:\n" * 100_000,
    "comments": "# \n" * 100_000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_long_front_matter_is_not_read(bomb, monkeypatch):
    monkeypatch.setattr(yaml, "compose", lambda *_, **__: pytest.fail("it was read"))
    with pytest.raises(gs.GraphstepError) as caught:
        read(f"---\n{bomb}\n---\n\n# A\n")
    assert (caught.value.key, caught.value.line) == ("front_long", 2)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    "piece", ["[", "{", "- ", "? ", "&a ", "!!python/object/new:os.system ", "*a ", "|\n"]
)
def test_what_is_read_of_front_matter_gives_short_errors(piece):
    head = piece * ((MOST_FRONT_CHARACTERS - 10) // len(piece))
    for before in ("", "title: "):
        with pytest.raises(gs.GraphstepError) as caught:
            read(f"---\n{before}{head}\n---\n\n# A\n")
        assert len(str(caught.value)) < 1000


def test_aliases_stay_small():
    """The longest text that front matter can make of itself."""
    half = MOST_FRONT_CHARACTERS // 2 - 30
    front = f"title: &a {'x' * half}\nauthor: [{'*a, ' * (half // 4)}]\n"
    meta = read(f"---\n{front}---\n\n# A\n").meta
    assert len(meta.author) < MOST_FRONT_CHARACTERS**2 / 16


HEADS = {
    "title: a: b": 'title: "a: b"',
    "author: @ada": 'author: "@ada"',
    'title: "x" and: y': "title: '\"x\" and: y'",
    "title: 'a": 'title: "a"',
    "title: [a": 'title: "[a"',
    "- a": 'title: "A: B"',
}


@pytest.mark.parametrize("head", HEADS)
def test_front_matter_that_cannot_be_read_is_told_in_the_language_of_the_deck(head):
    for lang, says in (("en", "The front matter cannot be read"), ("ru", "Заголовок файла не")):
        with pytest.raises(gs.GraphstepError) as caught:
            read(f"---\nlang: {lang}\n{head}\n---\n\n## x\n", "talk.md")
        assert caught.value.line in (3, 4)
        said = str(caught.value)
        assert said.startswith("talk.md, ")
        assert says in said
        assert HEADS[head] in said
        assert said.splitlines()[-1].strip("^ ") == ""
