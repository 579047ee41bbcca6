"""Write docs/gates.md from the table of gates. A test keeps it fresh."""

from __future__ import annotations

from pathlib import Path

from graphstep.cli.gate_table import functions, gate_rows

TARGET = Path(__file__).parent.parent / "docs" / "gates.md"
INTRODUCTION = """# The gates

Made from the table in `graphstep/gates/`; `graphstep gates` prints the same.

- **forward** is how a gate is written. What has a `=` may be left out, and then has that value.
  `axis` and `stride` may be left out, too: the gate then takes the whole array, and a stride equal
  to `size`. [Layers, losses, and their shapes](arrays.md#layers-losses-and-their-shapes) has the
  shapes.
- **local gradients** are in the order of the inputs. `[x > 0]` is 1 where the condition holds and
  0 elsewhere. For an array gate, `g → …` is the downstream gradient as a function of the upstream
  gradient g; J is the Jacobian, N the number of examples, n the number of elements. `undone`
  is the order of axes that undoes a permutation, `middle` where an array was before it was padded,
  `places` all axes but that of the channels.
  The gradient of what was repeated is summed over the copies.
- **domain**: empty means everywhere; outside it a gate gives inf or nan, with a warning sign.
- **nickname** is the lecture's word for what a gate does to a gradient.
- **convention** is the derivative that is used where there is none.

![The activation functions, solid, with their derivatives, dashed](images/activations.svg)

"""

FUNCTIONS = """
## Functions made of gates

These may be called as they are. In figures each is one gate, which can be opened: `--expand huber`.
A function before another one is made for it alone.

```text
"""


def page() -> str:
    """The whole page."""
    rows = gate_rows()
    lines = [" | ".join(_cell(cell) for cell in row) for row in rows]
    lines.insert(1, " | ".join("---" for _ in rows[0]))
    return (
        INTRODUCTION
        + "".join(f"| {line} |\n" for line in lines)
        + FUNCTIONS
        + "".join(f"{line}\n" for line in functions())
        + "```\n"
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*")


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
