"""The commands that the READMEs show."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def given(folder):
    """The files that the README's commands read: the deck is the one that it shows."""
    (folder / "model.txt").write_text("f = x * 2", encoding="utf-8")
    deck = "".join(re.findall(r"^````markdown\n(.*?)^````", README, re.DOTALL | re.MULTILINE))
    (folder / "lecture.md").write_text(deck, encoding="utf-8")


def commands():
    """(command, expected output or None) of each line after a `$` in both READMEs."""
    text = README + (ROOT / "README.ru.md").read_text(encoding="utf-8")
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            if command.startswith("graphstep"):
                yield command.split("  #")[0].strip(), output or None
