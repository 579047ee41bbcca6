"""Copy reveal.js into graphstep/player/static/reveal: python tools/reveal.py REVEAL FITTY MARKED

All three are npm packages, unpacked (npm pack reveal.js; tar xf reveal.js-*.tgz). Its files contain
fitty and marked, in the versions that its package.json names: their licences are copied too, and
listed in THIRD_PARTY.md.
Afterwards run tests/player/test_reveal_deck.py: it finds any script or style that the policy of our
pages does not allow, in the slides, in the speaker's view and in print.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "graphstep" / "player" / "static" / "reveal"
FILES = ("dist/reveal.js", "dist/reveal.css", "dist/plugin/notes.js", "LICENSE")


def main(package: Path, fitty: Path, marked: Path) -> None:
    """Copy the files, and note their version."""
    for name in FILES:
        shutil.copyfile(package / name, TARGET / Path(name).name)
    shutil.copyfile(fitty / "LICENSE", TARGET / "fitty-LICENSE")
    shutil.copyfile(marked / "LICENSE.md", TARGET / "marked-LICENSE")
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    readme = TARGET / "README.md"
    text = readme.read_text(encoding="utf-8")
    readme.write_text(re.sub(r"reveal\.js [\d.]+", f"reveal.js {version}", text, count=1), "utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
