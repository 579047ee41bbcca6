"""Front matter: what it says of a deck, and how to write what cannot be read."""

import pytest
import yaml
from deck_parts import t

import graphstep as gs
from graphstep.figure.deck import Deck, Meta, Slide
from graphstep.markdown import Document, read


def test_the_front_matter_says_what_the_deck_is():
    source = (
        '---\ntitle: "Chain  rule: how"\nauthor: [Ada, Émilie]\ndate: 2024-02-30\nlang: ru\n'
        "theme: dark\naspect: 4:3\n# a comment\ndigits: 3\nforward: Yes\nby: wire\n---\n# A\n"
    )
    document = Document(source)
    meta = Meta("Chain rule: how", "Ada, Émilie", "2024-02-30", "ru", "dark", "4:3")
    assert document.deck() == Deck(meta, (Slide(t("A")),))
    assert document.front.options == {"digits": 3, "forward": True, "by": "wire"}
    assert read("---\n---\n# A\n").meta == Meta()
    assert read("---\ntitle: no slides\n---\n").slides == ()
    assert document.with_meta(lang="en").deck().meta == meta._replace(lang="en")


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
