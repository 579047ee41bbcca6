"""Random decks, front matter and formulas, from what people write and from what nobody should."""

from __future__ import annotations

from hostile_texts import INJECTIONS, OF_TEX
from random_texts import PIECES, Texts

from graphstep.figure.options import FENCE_OPTIONS
from graphstep.latex_input.commands import COMMANDS, ENVIRONMENTS
from graphstep.markdown.front_matter import KEYS

ATOMS = ("x", "y_1", "W", "2", "0{,}5", "12.5", "e^x", r"\alpha", r"\theta'", r"\text{если $x$}", r"\mathrm{out}", r"\mathbb{R}", "+", "=", r"\cdot", r"\infty")  # fmt: skip
FORMS = (
    r"\frac{%}{%}", "{%}^{%}", "%_{%}", r"\left( % \right)", r"\left[ % \middle| % \right]", r"\sqrt{%}", r"\sqrt[%]{%}", r"\sum_{%}^{%} %",
    r"\lim_{%} %", r"\begin{pmatrix} % & % \\ % & % \end{pmatrix}", r"\begin{cases} % & % \\ % \end{cases}", r"\begin{aligned} % &= % \\ &= % \end{aligned}",
    r"\begin{array}{l|r} % & % \end{array}", r"\underbrace{%}_{\text{%}}", r"\hat{%} \overline{%}", r"\operatorname{%}(%)", r"\mathbf{%} \mathcal{%}", r"\text{%}",
    r"\xrightarrow[%]{%}", r"\binom{%}{%}", r"{% \over %}", r"\substack{% \\ %}", r"\overset{%}{%}", r"\not %", r"\bigl( % \bigr)", r"\hspace{1em} %", "% '' %", "%, %", "|%|",
    r"\color{red}{%} %", r"{\color{value} % %}", r"\textcolor{blue}{%}", r"\boxed{%}", r"\fbox{% $%$}", r"% \tag{%}", r"\color{pink}{%}", r"\newcommand{\q}[1]{#1+%} \q{%}", r"\R % \f{%}{%}", r"\def\z{\q\z} \z",
)  # fmt: skip
LATEX_PIECES = (
    *(f"\\{name}" for name in COMMANDS), *(f"\\begin{{{name}}}" for name in ENVIRONMENTS), *(f"\\end{{{name}}}" for name in ENVIRONMENTS),
    *"{}{}{}[]()^_&$%#~'\"|<>,.;:!?@ \n\\\0\u0338\u202eж🙂", "\\\\", r"\left", r"\right", r"\middle", *OF_TEX,
)  # fmt: skip

WORDS = ("Chain rule", "α", "длинное слово", "a < b & c", "50%", "*bold*", "**x**", "~~no~~", "`code`", "``a`b``", "\\*", "&amp;", "http://a.b", "<!-- said -->", "🙂", "")  # fmt: skip
INLINES = (
    "{w}", "{w} {w}", "*{w}*", "**{w} {i}**", "`{i}`", "[{w}](https://example.org/{i})", "[{i}](<{i}>)", "![{i}](<{i}>)", "<{i}>",
    "${f}$", "${f}$ {w}", "$${f}$$", "{i}", "{w}\\\n{w}", "{w}  \n{i}", "[{w}]: {i}", "<https://example.org/{w}>", "[a][{i}]", "&#x{w};", "~~{i}~~",
)  # fmt: skip
BLOCKS = (
    "# {t}", "## {t}", "### {t}", "{t}\n===", "{t}\n---", "{t}", "{t}", "{t}\n{t}", "- {t}\n- {t}\n  - {t}", "3. {t}\n4. {t}", "> {t}\n> - {t}", "---", "***",
    "```python\n{i}\n```", "~~~\n{i}\n~~~", "    {i}", "| {t} | {t} |\n|---|:-:|\n| {t} | {i} |", "$$\n{f}\n$$", "$${f}$$", "::: notes\n{t}\n:::", "::: notes\n{t}\n- {i}\n:::",
    "<!-- {i} -->", "{g}", "{g}", "# {t}\n\n{t}\n\n{g}\n\n{t}", "\t{i}",
    "::: columns\n::: column\n{t}\n:::\n::: column {width=30%}\n{t}\n\n- {i}\n:::\n:::", ":::: {.columns .small}\n::: {.column width=\"40%\"}\n```python {1}\n{i}\n```\n:::\n::::",
    "{t} {.center}", "### {t} {.right .large}", "::: {.left .small}\n{t}\n:::", "```python {.numberLines startFrom=3}\n{i}\n```", "```{w} [1]\n{i}\n{i}\n```", "{t} {.{w}}", "::: column {width={i}}\n{t}\n:::",
    "::: beside\n{g}\n\n{g}\n:::", "::: beside in turn\n{g}\n\n{g}\n:::\n\n::: step last\n{t}\n:::",
    ". . .", "{t}\n\n. . .\n\n{t}", "::: incremental\n{t}\n\n- {t}\n- {i}\n:::", "::: nonincremental\n1. {t}\n:::", "::: step {i}\n{t}\n:::",
    "{g}\n\n::: step last\n{t}\n:::\n\n. . .\n\n{t}", "::: step forward\n{t}\n:::\n\n::: step backward\n- {t}\n:::\n\n{g}", "", "[{w}]: https://example.org '{i}'",
)  # fmt: skip
VALUES = {
    "by": ("gate", "wire", "product", "value", "wir"), "lang": ("en", "ru", "de"), "theme": ("light", "dark", "own.toml", "no"), "digits": ("0", "3", "15", "-1", "x"),
    "steps": ("0", "last", "forward", "backward", "0-2", "1-", "x", "x-last", "9999", "3-1", "0,0,0", ","), "palette": ("default", "default", "okabe"), "constants": ("inside", "nodes"), "aspect": ("16:9", "4:3"),
    "seed": ("7", "0", "-1", "1e9"), "engine": ("embedded", "embedded", "none"), "expand": ("sigmoid", "x"), "captions": ("no", "yes", "last", "x", "0"),
    "local": ("always", "step", "never"), "drawn": ("gates", "gates", "neurons"),
    "symbols": ("typeset", "program"), "spacing": ("close", "wide"), "direction": ("auto", "right", "down", "up", "left"), "wrap": ("300", "450.5", "7"),
    "subtitle": WORDS, "institute": WORDS, "footer": WORDS, "numbering": ("true", "page", "false", "no"), "outline": ("false", "parts", "slides", "all"), "template": ("none.pptx", "none.pptm"), "logo": ("picture.png", "none.svg", "https://example.org/a.png"),
    "macros": ("", "x", "\n  R: \\mathbb{R}\n  f: \\frac{#1}{#2}", "\n  a: \\a", "{R: x}"), "title": WORDS, "author": WORDS, "date": ("2024-05-06", "2024-99-99", *WORDS),
}  # fmt: skip
YAML_PIECES = (
    *"[]{}:,#&*!|>'\"%@`-? \n\t\\~=", "- ", "? ", ": ", "<<: ", "&a ", "*a", "!!", "!!python/object/apply:os.system [a]", "|\n  ", ">-\n ", "---", "...", "%YAML 1.1\n",
    "\\x41", "\\U0010FFFF", "\u2028", "\u0085", "\0", "2024-01-01", "0x1F", "1e999", ".inf", "null", "yes", "[a, b]", "{a: b}", "k" * 2000,
)  # fmt: skip
FRONT_LINES = ("{k}: {v}", "{k}: {v}", "{k}: {v}", '{k}: "{i}"', "{k}: '{i}'", "{k}: {i}", "{k}: [{v}, {i}]", "{k}:\n  - {v}\n  - {v}", "{k}: |\n  {i}", "{k}: {{a: {v}}}", "# {i}", "{i}: {v}", "{k}: &a {v}", "{k}: *a", "")  # fmt: skip


class Decks(Texts):
    """A source of random decks and their parts; the same seed gives the same ones."""

    def formula(self) -> str:
        """The LaTeX of a formula, half of the time with slips of the pen."""
        found = self._formula(self.draw.choice((0, 1, 2, 2, 3)))
        return found if self.draw.random() < 0.5 else self.slipped(found, LATEX_PIECES)

    def usual_formula(self) -> str:
        """One that is seldom broken."""
        return self._formula(self.draw.choice((0, 1, 1, 2))).replace("$", "")

    def _formula(self, depth: int) -> str:
        choose = self.draw.choice
        if not depth:
            return choose(ATOMS if self.draw.random() < 0.99 else LATEX_PIECES)
        first, *others = choose(FORMS).split("%")
        return first + "".join(self._formula(depth - 1) + part for part in others)

    def front(self) -> str:
        """Front matter, without the lines around it."""
        names = self.draw.sample(KEYS, self.draw.randrange(5))
        lines = [f"{name}: {self._value(name)}" for name in names]
        lines += [self.filled(self.draw.choice(FRONT_LINES))] * (self.draw.random() < 0.7)
        text = "\n".join(lines)
        return text if self.draw.random() < 0.6 else self.slipped(text, YAML_PIECES)

    def deck(self) -> str:
        """A deck; its front matter and figures are seldom broken, since one error is the end."""
        parts = [self.filled(self.draw.choice(BLOCKS)) for _ in range(self.draw.randrange(1, 7))]
        if self.draw.random() < 0.3:
            name = self.draw.choice(KEYS[1:])
            title = self.injection().replace("'", "''").replace("\n", " ")
            parts.insert(0, f"---\ntitle: '{title}'\n{name}: {self._value(name)}\n---")
        text = "\n\n".join(parts)
        return text if self.draw.random() < 0.7 else self.slipped(text, (*PIECES, *YAML_PIECES))

    def filled(self, form: str) -> str:
        """A form with random parts in its places."""
        before, brace, rest = form.partition("{")
        if not brace:
            return form
        kind, _, behind = rest.partition("}")
        part = PARTS[kind](self) if kind in PARTS else "{" + kind + "}"
        return before + part + self.filled(behind)

    def fence(self) -> str:
        """A figure with inputs and options."""
        text = self.program() if self.draw.random() < 0.8 else self.text()
        options = (f" --{name} {self._value(name)}" for name in self.draw.sample(FENCE_OPTIONS, 2))
        names = ("x", "y_1", "alpha", "вес", "x1", "W", "b")
        inputs = " ".join(
            f"'{pair}'" for pair in self.pairs([*names]) if pair[: pair.find("=")] in text
        )
        shown = "".join(options) if self.draw.random() < 0.5 else ""
        return f"```graphstep {inputs}{shown}\n{text}\n```"

    def _value(self, name: str) -> str:
        usual = VALUES.get(name, ("yes", "no"))
        strange = self.draw.random()
        return self.draw.choice(
            usual[:2] if strange < 0.9 else usual if strange < 0.98 else INJECTIONS
        )

    def key(self) -> str:
        """A key of front matter, and seldom another one."""
        return self.draw.choice(KEYS if self.draw.random() < 0.95 else WORDS)

    def value(self) -> str:
        """A value of any key."""
        return self.draw.choice((*self.draw.choice([*VALUES.values()]), *WORDS))

    def injection(self) -> str:
        """A text that would do something, or one that means nothing."""
        return self.draw.choice(INJECTIONS if self.draw.random() < 0.4 else WORDS)

    def inline(self) -> str:
        """Text of a paragraph; HTML in it, which is an error, is made plain most of the time."""
        found = self.filled(self.draw.choice(INLINES))
        return found if self.draw.random() < 0.1 else found.replace("<", "\\<").replace("\n\n", " ")


PARTS = {
    "w": lambda decks: decks.draw.choice(WORDS), "i": Decks.injection, "t": Decks.inline, "f": Decks.usual_formula, "g": Decks.fence,
    "k": Decks.key, "v": Decks.value,
}  # fmt: skip
"""What stands in a place of a form, by its letter."""
