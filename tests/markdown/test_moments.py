"""Pauses, lists item by item, texts on steps: when each part of a slide is seen, and errors."""

import pytest
from deck_parts import FIGURE, p

from graphstep.documents.all_at_once import all_at_once
from graphstep.errors import GraphstepError
from graphstep.markdown import read
from graphstep.slides.deck import Code, Deck, Items, Meta, Timed

FOUR = "```graphstep x=-2 y=5 z=-4\nq = x + y; f = q * z\n```\n"


def slide(text):
    (found,) = read(text).slides
    return found


def seen(found):
    """The moments of all layers."""
    return [sorted(layer.moments) for layer in found.layers]


def test_what_follows_a_pause_comes_later_and_stays():
    found = slide("one\n\n. . .\n\ntwo\n\nthree\n\n. . .\n\nfour\n")
    assert found.moments == 3
    assert found.blocks[0] == p("one")
    assert seen(found) == [[1, 2], [2]]
    assert found.blocks[1].layers[0].blocks == (p("two"), p("three"))


@pytest.mark.parametrize(
    "text", ["one\n\n. . .\n", "one\n\n. . .\n\n. . .\n\n::: notes\nsaid\n:::\n"]
)
def test_a_pause_before_nothing_is_none(text):
    assert slide(text).moments == 1


def test_a_pause_at_the_beginning_leaves_the_title_alone():
    found = slide("# A\n\n. . .\n\none\n")
    assert (found.moments, seen(found)) == (2, [[1]])


def marked(found):
    """The lines of programs that are marked, with the moments when they are."""
    return [(block.marked, sorted(layer.moments)) for block_ in found.blocks if isinstance(block_, Timed)
            for layer in block_.layers for block in layer.blocks if isinstance(block, Code)]  # fmt: skip


def test_lines_of_a_program_are_marked_in_turn():
    """What follows is there from the beginning, and a pause comes after the last of them."""
    found = slide("```python {1|2|all}\na = 1\nb = 2\n```\n\ntwo\n\n. . .\n\nthree\n")
    assert marked(found) == [((1,), [0]), ((2,), [1]), ((), [2, 3])]
    assert found.blocks[1] == p("two")
    assert found.moments == 4
    later = slide("one\n\n. . .\n\n```python {1|2}\na = 1\nb = 2\n```\n")
    assert marked(later) == [((1,), [1]), ((2,), [2])]
    after = slide(f"{FOUR}\n```python {{1|2}}\na = 1\nb = 2\n```\n")
    assert after.figure.moments == 4
    assert marked(after) == [((1,), [0, 1, 2, 3]), ((2,), [4])]


def test_lines_in_turn_are_one_program_on_paper():
    made = all_at_once(Deck(Meta(), (slide("```python {1|2}\na = 1\nb = 2\n```\n"),)))
    assert made.slides[0].blocks == (Code("a = 1\nb = 2", "python", None, (1, 2)),)


@pytest.mark.parametrize(
    "text",
    ["text {.fragment}", "- one {.fragment .fade-up}", "::: {.fragment}\ntext\n:::", "::: v-click\ntext\n:::"],
)  # fmt: skip
def test_what_waits_in_other_tools_is_told_how_to_wait(text):
    with pytest.raises(GraphstepError) as refused:
        read(f"# A\n\n{text}\n")
    assert refused.value.key == "other_fragment"


@pytest.mark.parametrize(
    "text",
    ["$x${.fragment}", "**bold**{.red}", "text {: .fragment}", "`text`{.red}", '~~a~~{style="x"}'],
)
def test_attributes_are_never_printed(text):
    with pytest.raises(GraphstepError) as refused:
        read(f"# A\n\n{text} and more\n")
    assert refused.value.key == "other_attributes"


def test_a_pause_before_a_figure_and_one_after_it():
    found = slide(f"one\n\n. . .\n\n{FOUR}\n. . .\n\nafter\n")
    assert found.figure.waits == 1
    assert found.moments == 6
    assert found.timeline(found.figure) == (None, 0, 1, 2, 3, 3)
    assert seen(found) == [[5]]


@pytest.mark.parametrize("front", ["", "---\nincremental: true\n---\n"])
def test_lists_come_item_by_item_where_they_should(front):
    lists = "- a\n- b\n\n::: incremental\n3. c\n4. d\n:::\n\n::: nonincremental\n- e\n- f\n:::\n"
    found = slide(front + lists)
    first = [] if not front else [[1, 2, 3, 4], [2, 3, 4]]
    last = [[2]] if not front else [[4]]
    count = 5 if front else 3
    assert found.moments == count
    assert seen(found)[: len(first)] == first
    assert seen(found)[-1] == last[0]
    starts = [
        b.start for layer in found.layers for b in layer.blocks if isinstance(b, Items) and b.start
    ]
    assert starts == [3, 4]


def test_stars_are_a_usual_list():
    assert slide("* a\n* b\n").moments == 1


STEPS = [
    ("w", "forward", [0]), ("w", "0", [0]), ("w", "f", [1]), ("w", "q,z", [2]), ("w", "2-", [2, 3]), ("w", "last", [3]), ("w", "x,f", [1, 3]),
]  # fmt: skip


@pytest.mark.parametrize(("word", "steps", "moments"), STEPS)
@pytest.mark.parametrize("spelling", ["::: step {}", "::: {{step={}}}", '::: {{.step="{}"}}'])
def test_a_text_on_steps_is_seen_in_their_frames(word, steps, moments, spelling):
    opening = spelling.format(steps)
    for text in (f"{FOUR}\n{opening}\n{word}\n:::\n", f"{opening}\n{word}\n:::\n\n{FOUR}"):
        assert seen(slide(text)) == [moments]


def test_moments_are_those_of_the_frames_that_are_shown():
    fence = FOUR.replace("z=-4", "z=-4 --steps 3,0,2")
    assert seen(slide(f"{fence}\n::: step x\na\n:::\n\n::: step z-\nb\n:::\n")) == [[0], [0, 2]]
    assert seen(slide(f"before\n\n. . .\n\n{fence}\n::: step x\na\n:::\n")) == [[1]]


def test_a_text_on_the_last_step_stays_as_its_frame_does():
    found = slide(f"{FOUR}\n::: step last\na\n:::\n\n. . .\n\nafter\n")
    assert seen(found) == [[3, 4], [4]]


def test_texts_that_never_meet_share_a_place():
    steps = ("forward", "f", "q", "1-")
    texts = "\n".join(f"::: step {step}\n{step}\n:::\n" for step in steps)
    found = slide(f"{FOUR}\n{texts}")
    assert [len(b.layers) for b in found.blocks if isinstance(b, Timed)] == [3, 1]


def test_notes_of_a_step_are_said_on_it():
    found = slide(
        f"{FOUR}\n:::: step f\na\n\n::: notes\nsay it\n:::\n\n<!-- and that -->\n::::\n\n::: notes\nalways\n:::\n"
    )
    assert found.notes == "always"
    assert [("say it\n\nand that" in found.said(k)) for k in range(4)] == [
        False,
        True,
        False,
        False,
    ]


ERRORS = [
    (f"{FOUR}\n::: step w\na\n:::\n", "5, column 1: 'w' names no frame, and no node whose gradient appears here. "
     "Names: forward, backward, last, x, y, q, z, f.\n    ::: step w\n    ^^^^^^^^^^"),
    (f"{FOUR}\n::: step 9\na\n:::\n", "5, column 1: There is no frame 9; the last one is 3.\n    ::: step 9\n    ^^^^^^^^^^"),
    (f"{FOUR}\n::: step 1..2\na\n:::\n", "5, column 1: '1..2' does not say which frames are meant."),
    (f"{FOUR}\n::: step\na\n:::\n", "5, column 1: '' does not say which frames are meant."),
    (FOUR.replace("z=-4", "z=-4 --steps 0,2-") + "\n::: step f\na\n:::\n", "5, column 1: Frame 1 is not among those that are shown: 0, 2, 3.\n"),
    (f"{FIGURE}\n# B\n\n::: step last\na\n:::\n", "7, column 1: There is no figure on this slide whose steps this could mean. "
     "For a text that comes later, write a paragraph . . . before it.\n    ::: step last\n    ^^^^^^^^^^^^^"),
    ("- a\n\n  . . .\n\n  b\n", "3, column 3: Figures, notes, pauses and blocks with moments stand on a slide by themselves"),
    ("> ::: incremental\n> - b\n> :::\n", "1, column 1: Figures, notes, pauses and blocks with moments"),
    (f"{FOUR}\n::: step f\na\n\n. . .\n\nb\n:::\n", "8, column 1: Figures, notes, pauses"),
    ("::: incremental\n- a\n", "1, column 1: What begins here is never closed."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), ERRORS)
def test_errors_have_their_place(text, message):
    with pytest.raises(GraphstepError) as refused:
        read(text)
    assert str(refused.value).startswith(f"line {message}")
