"""Write graphstep/look/data/widths.txt from a font: python tools/widths.py DejaVuSans-Bold.ttf

Each line is a run of characters: the first one's code point in hexadecimal, then the advance of
each in thousandths of the font size. The bold cut is measured, since it is the widest text drawn.
"""

import sys
from pathlib import Path

from fontTools.ttLib import TTFont

BLOCKS = [
    (0x20, 0x7E), (0xA0, 0x17F), (0x370, 0x3FF), (0x400, 0x52F), (0x2010, 0x2027),
    (0x2030, 0x203A), (0x2070, 0x209C), (0x2100, 0x214F), (0x2190, 0x21FF), (0x2200, 0x22FF),
    (0x25A0, 0x25FF), (0x1D62, 0x1D6A), (0x2C7C, 0x2C7C),
]  # fmt: skip


def main(path: str) -> None:
    """Measure one font file."""
    font = TTFont(path)
    names, advances, unit = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    lines: list[str] = []
    run: list[str] = []
    for first, last in BLOCKS:
        for code in range(first, last + 2):
            if code <= last and code in names:
                run = run or [f"{code:x}"]
                run.append(str(round(advances[names[code]][0] * 1000 / unit)))
            elif run:
                lines.append(" ".join(run))
                run = []
    target = Path(__file__).parent.parent / "graphstep" / "look" / "data" / "widths.txt"
    target.write_text("\n".join(lines) + "\n", encoding="ascii")


main(sys.argv[1])
