"""Subset the fonts of graphstep/look/data/fonts: python tools/fonts.py DEJAVU STIX

DEJAVU is the `ttf` folder of DejaVu 2.37, STIX a file of STIX Two Math (both are npm packages:
dejavu-fonts-ttf, @fontsource/stix-two-math). Latin, Greek, Cyrillic and mathematics remain.
The licences are beside the fonts. Needs fonttools and brotli.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

TARGET = Path(__file__).parent.parent / "graphstep" / "look" / "data" / "fonts"
LETTERS = [
    (0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1EFF),
    (0x2000, 0x206F), (0x2070, 0x209C), (0x20A0, 0x20BF), (0x2100, 0x218F), (0x2190, 0x21FF),
    (0x2200, 0x22FF), (0x2300, 0x23FF), (0x2500, 0x25FF), (0x2610, 0x2612), (0x2713, 0x2718),
    (0x27E6, 0x27EF), (0x2A00, 0x2AFF), (0xFFFD, 0xFFFD),
]  # fmt: skip
TEXTS = [*LETTERS, (0x1D62, 0x1D6A), (0x2C7C, 0x2C7C)]  # and subscripts
MATHEMATICS = [*LETTERS, (0x20D0, 0x20EF), (0x27F5, 0x27FF), (0x1D400, 0x1D7FF)]
CUTS = ("", "-Bold", "-Oblique", "-BoldOblique", "Mono", "Mono-Bold")


def main(dejavu: Path, stix: Path) -> None:
    """Write all fonts."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for cut in CUTS:
        write(dejavu / f"DejaVuSans{cut}.ttf", TEXTS, TARGET / f"DejaVuSans{cut}.ttf")
    write(stix, MATHEMATICS, TARGET / "STIXTwoMath.ttf")
    write(stix, MATHEMATICS, TARGET / "STIXTwoMath.woff2", flavour="woff2")


def write(source: Path, ranges: list[tuple[int, int]], target: Path, flavour: str = "") -> None:
    """Write a font with the characters of some ranges."""
    options = Options(layout_features=["*"], hinting=False, notdef_outline=True)
    font = TTFont(source, recalcTimestamp=False)
    cutter = Subsetter(options)
    cutter.populate(unicodes=[c for first, last in ranges for c in range(first, last + 1)])
    cutter.subset(font)
    font.flavor = flavour or None
    font.save(target)
    print(target.name, target.stat().st_size)


main(Path(sys.argv[1]), Path(sys.argv[2]))
