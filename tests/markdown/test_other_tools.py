"""What other tools write in decks: supported, or refused with its place; nothing is printed raw or lost."""

import pytest
from deck_parts import p, t, top
from presentations import DOT_PNG

import graphstep as gs
from graphstep.markdown import read
from graphstep.slides.deck import Display, Items, Run

REFUSED = {
    # Marp
    "---\nmarp: true\n---\n# A": ("other_tool", "marp"),
    "---\npaginate: true\n---\n# A": ("other_tool", "paginate"),
    "<!-- _class: lead -->\n\n# A": ("other_directive", "<!-- _class: lead -->"),
    "# A\n\n<!-- footer: me -->": ("other_directive", "<!-- footer: me -->"),
    "# A\n\n![x](file:///x.png)": ("picture_address", "![x](file:///x.png)"),
    "# A\n\n![x](javascript:x)": ("picture_address", "![x](javascript:x)"),
    "# A\n\n![x](data:image/png;base64,AA)": ("picture_address", "![x](data:image/png;base64,AA)"),
    "# A\n\n![x](ftp://x/y.png)": ("picture_address", "![x](ftp://x/y.png)"),
    "# A\n\n![bg cover](x.png)": ("other_picture", "![bg cover](x.png)"),
    "# A\n\n![w:300 blur:2px](x.png)": ("other_picture", "![w:300 blur:2px](x.png)"),
    "# A\n\n![bg right:99%](x.png)": ("other_picture", "![bg right:99%](x.png)"),
    "# A\n\n==marked== text": ("other_mark", "==marked=="),
    # Slidev
    "---\nlayout: cover\n---\n# A": ("other_tool", "layout"),
    "# A\n\n---\nlayout: two-cols\n---\n\ntext": ("other_slide_front", "layout: two-cols"),
    "# A\n\nleft\n\n::right::\n\nright": ("other_slot", "::right::"),
    "# A\n\n<<< @/snippets/a.ts": ("other_include", "<<< @/snippets/a.ts"),
    "# A\n\n```ts {2,3|hide}\nx\n```": ("other_fence", "```ts {2,3|hide}"),
    "# A\n\nPage {{ $page }}": ("other_shortcode", "{{ $page }}"),
    "# A\n\n```mermaid\ngraph TD\n```": ("other_diagram", "```mermaid"),
    # Quarto, pandoc
    "---\nformat: revealjs\n---\n# A": ("other_tool", "format"),
    "## A {.center}": ("unknown_attribute", "{.center}"),
    "# A\n\ntext {.alert}": ("unknown_attribute", "{.alert}"),
    "# A\n\n![x](x.png){fig-align=center}": ("unknown_attribute", "{fig-align=center}"),
    "# A\n\n| a {.small} |\n|---|\n": ("other_attributes", "{.small}"),
    "# A\n\na {.small} b": ("other_attributes", "{.small}"),
    "# A\n\n[x](x.png){width=50%}": ("other_attributes", "{width=50%}"),
    "# A\n\n[text]{.nope}": ("unknown_attribute", "{.nope}"),
    "# A\n\nso [*it* [is]{.blue}]{.ul .fade-in} x": ("other_fragment", "{.ul .fade-in}"),
    "# [A]{width=3}": ("unknown_attribute", "{width=3}"),
    "# A\n\n[a {{ x }} b]{.red}": ("other_shortcode", "{{ x }}"),
    "# A\n\n{{< include a.md >}}": ("other_shortcode", "{{< include a.md >}}"),
    "# A\n\nAs @fig-a shows": ("other_reference", "@fig-a"),
    "# A\n\nA term\n\n: what it is": ("other_definition", ": what it is"),
    "# A\n\nH~2~O": ("other_script", "~2~"),
    "# A\n\nx^2^": ("other_script", "^2^"),
    "# A\n\na^[a note]": ("other_inline_footnote", "^["),
    "# A\n\na[^1]": ("other_footnote", "[^1]"),
    "# A\n\na\n\n[^1]: b": ("footnote_unused", "[^1]: b"),
    "# A\n\n```{python}\n1\n```": ("other_fence", "```{python}"),
    "# A\n\n> [!NOTE]\n> x": ("other_callout", "[!NOTE]"),
    "# A\n\n```python title=\"a.py\"\n1\n```": ("other_fence", "```python title=\"a.py\""),
    "# A\n\n```python {.numberLines .fold}\n1\n```": ("unknown_attribute", "```python {.numberLines .fold}"),
    "# A\n\n```python {2}\n1\n```": ("no_such_line", "```python {2}"),
    "::: {.columns}\nx\n:::": ("between_columns", "x"),
    "::: {.columns}\n:::": ("between_columns", "::: {.columns}"),
    "::: {.column}\nx\n:::": ("stray_column", "::: {.column}"),
    "::: {.callout-note}\nx\n:::": ("unknown_block", "::: {.callout-note}"),
    "::: columns\n::: column {width=300}\nx\n:::\n:::": ("column_width", "::: column {width=300}"),
    "::: columns\n::: column {height=5%}\nx\n:::\n:::": ("unknown_attribute", "::: column {height=5%}"),
    "::: columns\n::: column {width=100%}\nx\n:::\n::: column\ny\n:::\n:::": ("columns_width", "::: columns"),
    "::: columns\n::: column\nx\n:::": ("not_closed_block", "::: columns"),
    "# A\n\n::: small\n::: notes\nx\n:::\n:::": ("only_on_slide", "::: notes"),
    '## A {background-color="black"}': ("other_attributes", '{background-color="black"}'),
    "## A {auto-animate=true}": ("other_attributes", "{auto-animate=true}"),
    "# A {-}": ("other_attributes", "{-}"),
    "# A\n\nas [@knuth, p. 3] has it": ("other_reference", "[@knuth, p. 3]"),
    "# A\n\n`\\foo`{=latex}": ("other_attributes", "{=latex}"),
    "% Title\n% Author\n\n# A": ("other_title_block", "% Title\n% Author"),
    "# A\n\n(@) one": ("other_list", "(@) one"),
    "# A\n\n#. one\n#. two": ("other_list", "#. one\n#. two"),
    "# A\n\n(1) one\n(2) two": ("other_list", "(1) one\n(2) two"),
    "# A\n\na) one\nb) two": ("other_list", "a) one\nb) two"),
    "# A\n\ni. one\nii. two\niii. three": ("other_list", "i. one\nii. two\niii. three"),
    "# A\n\nTerm\n:   Def": ("other_definition", "Term\n:   Def"),
    "# A\n\n*[HTML]: Hyper": ("other_definition", "*[HTML]: Hyper"),
    "# A\n\n| one\n| two": ("other_line_block", "| one\n| two"),
    "# A\n\n-----  -----\nA      B\n-----  -----": ("other_table", "-----  -----"),
    "# A\n\n+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n+---+---+": ("other_table", "+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n+---+---+"),
    "# A\n\n\\newpage": ("other_latex", "\\newpage"),
    "# A\n\nso \\textbf{x}": ("other_latex", "\\textbf"),
    "# A\n\n- item {v-click}": ("other_fragment", "{v-click}"),
    "# A\n\n$$ {1|2|all}\nx\n$$": ("other_fragment", "{1|2|all}"),
    "# A\n\n````md magic-move\n```js\na\n```\n````": ("other_fence", "````md magic-move"),
    # reveal-md, presenterm, GitHub, remark
    "# A\n\n--\n\nB": ("other_separator", "--"),
    "# A\n\n???\n\nsaid": ("other_separator", "???"),
    "class: center, middle\n\n# A": ("other_slide_front", "class: center, middle"),
    "# A\n\n.left[x]": ("other_attributes", ".left["),
    "# A\n\nFILE: a.md": ("other_include", "FILE: a.md"),
    "# A\n\n![[x.png]]": ("other_include", "![["),
    "# A\n\n!!! note\n    x": ("other_callout", "!!! note\n    x"),
    "<!-- $theme: gaia -->\n# A": ("other_directive", "<!-- $theme: gaia -->"),
    "---\nseparator: x\n---\n# A": ("other_tool", "separator"),
    "# A\n\n<!-- .slide: data-background=\"x\" -->": ("other_directive", '<!-- .slide: data-background="x" -->'),
    "# A\n\n- a\n\n<!-- pause -->\n\n- b": ("other_directive", "<!-- pause -->"),
    "# A\n\n[TOC]": ("other_contents", "[TOC]"),
    "# A\n\n:smile: x": ("other_emoji", ":smile:"),
    # pandoc, Quarto, Obsidian, MyST, pymdown, docsify
    "# A\n\n`r 1+1` is": ("other_inline_code", "`r 1+1`"),
    "# A\n\n`{python} x`": ("other_inline_code", "`{python} x`"),
    "# A\n\n`= this.file.name`": ("other_inline_code", "`= this.file.name`"),
    "# A\n\n@[youtube](abc)": ("other_embed", "@[youtube](abc)"),
    "# A\n\nso %[a](b) x": ("other_embed", "%[a](b)"),
    "# A\n\na [[wikilink]] b": ("other_wikilink", "[[wikilink]]"),
    "# A\n\n[[page|shown]]": ("other_wikilink", "[[page|shown]]"),
    "# A\n\na ^^x^^ b": ("other_mark", "^^x^^"),
    "# A\n\n++new++ text": ("other_mark", "++new++"),
    "# A\n\nthe ||x|| b": ("other_bars", "||x||"),
    "# A\n\n?> A tip": ("other_callout", "?> A tip"),
    "# A\n\n!> A tip": ("other_callout", "!> A tip"),
    "# A\n\n??? note \"T\"\n    x": ("other_callout", "??? note \"T\"\n    x"),
    "# A\n\n=== \"Tab\"\n    x": ("other_callout", "=== \"Tab\"\n    x"),
    "# A\n\n/// details\nx\n///": ("other_callout", "/// details\nx\n///"),
    "# A\n\n%% hidden": ("other_comment", "%% hidden"),
    "# A\n\na %%hidden%% b": ("other_comment", "%%hidden%%"),
    "# A\n\n| a |\n|---|\n\nTable: What": ("other_caption", "Table: What"),
    "# A\n\n{ref}`sec` x": ("other_sphinx", "{ref}`sec`"),
    "# A\n\n:ref:`sec` x": ("other_sphinx", ":ref:`sec`"),
    "# A\n\n(my-label)=": ("other_sphinx", "(my-label)="),
    "# A\n\n.. note:: x": ("other_sphinx", ".. note:: x"),
    "# A\n\n```{note}\nx\n```": ("other_sphinx", "```{note}"),
    "# A\n\n```{code-cell} python\nx\n```": ("other_sphinx", "```{code-cell} python"),
    "# A\n\n:::{figure} a.png\nx\n:::": ("other_sphinx", ":::{figure} a.png"),
    "# A\n\n```{graphstep} f = x * y\n:with: x=2 y=3\n```": ("sphinx_figure", "```{graphstep} f = x * y"),
    "# A\n\n+++": ("other_separator", "+++"),
    "# A\n\n|||": ("other_separator", "|||"),
    "# A\n\n^ said": ("other_separator", "^ said"),
    "# A\n\n##Title": ("other_heading", "##Title"),
    "# A\n\n$$x$$ (eq)": ("other_equation_label", "$$x$$ (eq)"),
    "# A\n\n- [/] half": ("other_task", "[/]"),
    "# A\n\nText ^block": ("other_reference", "^block"),
    "# A\n\nas @smith2020 says": ("other_reference", "@smith2020"),
    "# A\n\n[click]{v-click}": ("other_fragment", "{v-click}"),
    "# A\n\n{% include \"a.md\" %}": ("other_shortcode", "{% include \"a.md\" %}"),
    "# A\n\n--8<-- \"a.md\"": ("other_include", "--8<-- \"a.md\""),
    "# A\n\n@import \"a.md\"": ("other_include", "@import \"a.md\""),
    "# A\n\n!include a.md": ("other_include", "!include a.md"),
    "# A\n\n@[toc]": ("other_contents", "@[toc]"),
    "# A\n\n@startuml\na\n@enduml": ("other_diagram_text", "@startuml\na\n@enduml"),
    "# A\n\n```dataview\nx\n```": ("other_diagram", "```dataview"),
    "# A\n\n```{mermaid}\nx\n```": ("other_diagram", "```{mermaid}"),
    "# A\n\n<!-- element class=\"fragment\" -->": ("other_directive", "<!-- element class=\"fragment\" -->"),
    "---\ntags: [a]\n---\n# A": ("other_tool", "tags"),
    "---\nkernelspec: x\n---\n# A": ("other_tool", "kernelspec"),
    "---\naspectratio: 169\n---\n# A": ("other_tool", "aspectratio"),
    # words that CommonMark does not see as what they are meant to be
    "# A\n\n**слово,**слово": ("other_stars", "**слово,**"),
    "# A\n\nso **«слово»**слово": ("other_stars", "**«слово»**"),
    "# A\n\nso ** слово ** x": ("other_stars", "** слово **"),
    "# A\n\n$ x $ is": ("formula_spaces", "$ x $"),
    "# A\n\nso $x_1 $ is": ("formula_spaces", "$x_1 $"),
    "# A\n\n![x](my file.png)": ("address_form", "![x]("),
    "# A\n\n![x](x.png =300x)": ("address_form", "![x]("),
    "# A\n\n[x] (https://a.b)": ("address_form", "[x] ("),
    "# A\n\n[x][y]": ("address_form", "[x][y]"),
    "# A\n\n• one\n• two": ("other_list", "• one\n• two"),
    "# A\n\n– one\n– two": ("other_list", "– one\n– two"),
    "# A\n\n-one\n-two": ("other_list", "-one\n-two"),
    "# A\n\n1.one\n2.two": ("other_list", "1.one\n2.two"),
    "# A\n\n| a | b |\n| 1 | 2 |": ("other_table", "| a | b |\n| 1 | 2 |"),
    "# A\n\n| a | b |\n|---|\n| 1 | 2 |": ("other_table", "| a | b |\n|---|\n| 1 | 2 |"),
    "# A\n\n~x~ y": ("other_tilde", "~x~"),
    "# A\n\n``quoted'' text": ("other_quotes", "``quoted''"),
    "---\ntitle: The loss $L_2$\n---\n# A": ("front_markup", "The loss $L_2$"),
    "---\nfooter: '**A** B'\n---\n# A": ("front_markup", "'**A** B'"),
    "---\ntitle: T^[note]\n---\n# A": ("front_markup", "T^[note]"),
    # Marp, Slidev, Quarto, pandoc, reveal-md, remark, Deckset, presenterm, kramdown, MDX, and others
    "# A\n\n![brightness:.8 sepia:50%](x.png)": ("other_picture", "![brightness:.8 sepia:50%](x.png)"),
    "---\nmath: katex\n---\n# A": ("other_tool", "math"),
    "---\nsrc: ./pages/x.md\n---\n# A": ("other_tool", "src"),
    "---\nhighlightTheme: x\n---\n# A": ("other_tool", "highlightTheme"),
    "# A\n\n```ts twoslash\nx\n```": ("other_fence", "```ts twoslash"),
    "# A\n\n```bash +exec\nls\n```": ("other_fence", "```bash +exec"),
    "# A\n\n:inline-component{prop=\"x\"} text": ("other_component", ":inline-component{prop=\"x\"}"),
    "# A\n\n::block-component\nx\n::": ("other_component", "::block-component\nx\n::"),
    "# A\n\n::code-group": ("other_component", "::code-group"),
    "# A\n\nimport X from 'x'": ("other_component", "import X from 'x'"),
    "# A\n\nexport const x = 1": ("other_component", "export const x = 1"),
    "# A\n\n```python\na  # <1>\nb\n```": ("other_annotation", "```python"),
    "# A\n\nP~a\\ cat~": ("other_script", "~a\\ cat~"),
    "# A\n\nas [see @doe99, pp. 33-35; also @smith04]": ("other_reference", "[see @doe99, pp. 33-35; also @smith04]"),
    "# A\n\n@smith04 says": ("other_reference", "@smith04"),
    "# A\n\nsee \\eqref{a}": ("other_latex", "\\eqref"),
    "# A\n\n\\tableofcontents": ("other_latex", "\\tableofcontents"),
    "# A\n\n\\only<2>{x}": ("other_latex", "\\only"),
    "# A\n\n\\bigskip\n\nx": ("other_latex", "\\bigskip"),
    "# A\n\nso \\ldots and \\dots": ("other_latex", "\\ldots"),
    "# A\n\nthe \\LaTeX way": ("other_latex", "\\LaTeX"),
    "# A\n\n{\\Large x}": ("other_latex", "\\Large"),
    "# A\n\n\\alpha is": ("other_latex", "\\alpha"),
    "count: false\n\n# A": ("other_slide_front", "count: false"),
    "name: x\n\n# A": ("other_slide_front", "name: x"),
    "# [fit] Big": ("other_directive", "[fit] "),
    "[.build-lists: true]\n\n# A": ("other_directive", "[.build-lists: true]"),
    "footer: x\nslidenumbers: true\n\n# A": ("other_directive", "footer: x\nslidenumbers: true"),
    "# A\n\n![inline 50%](x.png)": ("other_picture", "![inline 50%](x.png)"),
    "# A\n\n![right filtered](x.png)": ("other_picture", "![right filtered](x.png)"),
    "# A\n\n![300](x.png)": ("other_picture", "![300](x.png)"),
    "# A\n\n![a net|300x200](x.png)": ("other_picture", "![a net|300x200](x.png)"),
    "# A\n\n<!-- column: 0 -->": ("other_directive", "<!-- column: 0 -->"),
    "# A\n\n<!-- jump_to_middle -->": ("other_directive", "<!-- jump_to_middle -->"),
    "# A\n\nsee `x`_": ("other_sphinx", "_"),
    "* TOC\n{:toc}": ("other_attributes", "{:toc}"),
    "# A\n\n{::options parse=\"x\" /}": ("other_attributes", "{::options parse=\"x\" /}"),
    "# A\n\n->x<-": ("other_attributes", "->x<-"),
    "# A\n\nso {=y=} is": ("other_mark", "{=y=}"),
    "# A\n\nso {++x++} is": ("other_mark", "{++x++}"),
    "= Title\n\n== A": ("other_language", "= Title"),
    "# A\n\n#+begin_src python\nx\n#+end_src": ("other_language", "#+begin_src python\nx\n#+end_src"),
    "h1. A\n\nx": ("other_language", "h1. A"),
    "# A\n\n** y": ("other_language", "** y"),
}  # fmt: skip
"""Decks, each with the key of its error and the piece that is marked."""


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("deck", REFUSED)
def test_what_is_not_supported_is_refused_at_its_place(deck, lang):
    with pytest.raises(gs.GraphstepError) as refused:
        read(deck, "a.md")
    key, piece = REFUSED[deck]
    error = refused.value
    assert error.key == key
    assert error.source[slice(*error.span)] == piece
    assert error.message(lang)


INSTEAD = {
    "other_inline_code": "It is 42.",
    "other_embed": "[words](https://example.org)",
    "other_wikilink": "[words](https://example.org) and \\[[words]]",
    "other_mark": "a **x** b",
    "other_bars": "$\\|x\\|$ and \\||x||",
    "other_callout": "> **Note.** text",
    "other_comment": "<!-- hidden -->\n\ntext",
    "other_caption": "What",
    "other_sphinx": "> **Note.** text\n\n$x^2$",
    "other_heading": "### Title\n\n\\#tag",
    "other_equation_label": "$$x^2 \\tag{1}$$",
    "other_task": "- [ ] a\n- [x] b",
    "other_reference": "as Smith says",
    "other_stars": "**word**, so **«слово»** слово, 2 ** 3, x**2 + y**2 and \\*\\*x\\*\\*",
    "formula_spaces": "$x$ and \\$ x \\$",
    "address_form": "[words](https://example.org) and ![a dot](<my file.png>)",
    "other_list": "- one\n- two",
    "other_table": "| a | b |\n|---|---|\n| 1 | 2 |",
    "other_tilde": "~~x~~ and \\~x\\~",
    "other_quotes": "“quoted” and «quoted»",
    "other_annotation": "```python {1|2}\na\nb\n```",
    "other_latex": "**bold**\n\n. . .\n\n*italic*",
    "other_script": "$x^2$ or $h_1$",
    "sphinx_figure": "```graphstep x=2 y=3\nf = x * y\n```",
}
"""What the sentences of some errors say to write."""


@pytest.mark.parametrize("key", INSTEAD)
def test_what_they_advise_works(key, tmp_path):
    (tmp_path / "my file.png").write_bytes(DOT_PNG)
    (tmp_path / "a.md").write_text(f"## A\n\n{INSTEAD[key]}\n", "utf-8")
    [slide] = gs.deck(tmp_path / "a.md").slides
    assert slide.blocks


def test_a_directive_of_sphinx_is_answered_with_the_fence_of_a_deck():
    with pytest.raises(
        gs.GraphstepError, match="```graphstep x=2 y=3 --by wire, and the expression"
    ) as refused:
        read("# A\n\n```{graphstep}\n:with: x=2 y=3\n:by: wire\n\nf = x * y\n```\n", "a.md")
    assert refused.value.line == 3


def test_formulas_between_backticks_and_dollars_are_formulas():
    """So GitHub writes them."""
    [slide] = read("# A\n\nso $`x^2`$ is\n").slides
    [[expected]] = [slide.blocks for slide in read("so $x^2$ is").slides]
    assert slide.blocks[0].parts[1].tree == expected.parts[1].tree
    with pytest.raises(gs.GraphstepError) as refused:
        read("# A\n\nso $`x + \\nope`$ is\n")
    assert refused.value.source[slice(*refused.value.span)] == "\\nope"


@pytest.mark.parametrize("fence", ["```math", "```{math}"])
def test_formulas_in_fences_are_formulas(fence):
    [slide] = read(f"# A\n\n{fence}\nx^2\n```\n").slides
    [[expected]] = [slide.blocks for slide in read("$$x^2$$").slides]
    assert slide.blocks[0].formula.tree == expected.formula.tree
    with pytest.raises(gs.GraphstepError) as refused:
        read(f"# A\n\n{fence}\nx + \\nope\n```\n")
    assert (refused.value.line, refused.value.source[slice(*refused.value.span)]) == (4, "\\nope")


@pytest.mark.parametrize(
    "text",
    [
        "`r = relu(x)`, `r in x`, `= 3`", "a || b, a||b", "C++ and g++ too", "50 %% of it", "[[0.1]], [[1, 2], [3, 4]]", "Table 1: what", "#1 is first", "f(x)^2 ^",
        "a == b, a ==  b", "{a, b} and {x: 1}", "10:30:45", "std::vector::size", "x^2 and y^3", "~/a~b", "@home", "f(x) {…}", "a: b",
        "... and so on", "C:\\x", "`{{ x }} [^1] :smile: ==x==`", "$\\{a\\}^{b}$", "\\{\\{ x \\}\\}", "\\[not a formula", "(see \\(1)",
        "me@example.org", "[a](https://b.c/:x:)", "https://a.b/{c}", "price: 5~6", "{x=1} and {-x}", "[[1, 2], [3, 4]]", "(1) and (2)", "Fig. 1\nFig. 2", "a) is true", "|x| = 2", "C:\\text.md", "5 -- 6",
        "!important", "a.b[x]", "2 ** 3 and x**2 + y**2", "costs $5 and $6 more", "W[i][j] = 1", "C:\\Users\\name", "-1 and -2", "1.5 and 2.5", "- a", "Note well: x", "a->b<-c", "[0, 1] (see above)", "a -- b", "~5 and ~6", "{-x-1}", "an export of goods", "import data from there", "Name: Ivan", "Take this:\nx : y", "\\\\textbf", "class of x: b",
    ],
)  # fmt: skip
def test_ordinary_text_stays(text):
    [slide] = read(f"# A\n\n{text}\n").slides
    assert slide.blocks


@pytest.mark.parametrize("notes", [
    "::: notes\nsay *this*\n:::", "::: {.notes}\nsay this\n:::", "Note: say *this*", "Notes: say this", "note: say this", "NOTE: say this", "NOTES: say this", "<!-- say this -->",
])  # fmt: skip
def test_notes_have_three_spellings(notes):
    assert read(f"# A\n\ntext\n\n{notes}\n\n# B\n").slides == (
        top(t("A"), (p("text"),), "say this"),
        top(t("B")),
    )


def test_everything_after_note_is_notes_up_to_the_next_slide():
    slides = read("# A\n\nNote: one\n\n- two\n\n# B\n\nthree").slides
    assert slides == (top(t("A"), (), "one\n\n- two"), top(t("B"), (p("three"),)))


def test_comments_before_the_first_slide_are_its_notes():
    assert read("<!-- a licence -->\n\n# A\n\n<!--\nsay\nthis\n-->\n").slides == (
        top(t("A"), (), "a licence\n\nsay\nthis"),
    )


def test_footnotes_stand_at_the_end_of_their_slides():
    deck = read("# A\n\na[^x] b[^1]\n\n[^1]: one\n[^x]: *two*\n\n# B[^1]\n\nc\n")
    first, second = deck.slides
    texts = [
        ["".join(run.text for run in block.parts) for block in slide.blocks]
        for slide in deck.slides
    ]
    assert texts == [["a¹ b²", "¹ two", "² one"], ["c", "¹ one"]]
    assert first.blocks[1].parts == (Run("¹ "), Run("two", italic=True))
    assert "".join(run.text for run in second.title) == "B¹"


def test_the_advice_about_footnotes_works():
    assert len(read("# A\n\na[^1]\n\n[^1]: The source.\n").slides[0].blocks) == 2


def test_tasks_have_boxes():
    [slide] = read("- [ ] to do\n- [x] done\n- [y] no\n").slides
    assert slide.blocks == (Items(((p("☐ to do"),), (p("☑ done"),), (p("[y] no"),))),)


@pytest.mark.parametrize(
    "source",
    ["$$\nx^2\n$$", "\\[ x^2 \\]", "\\[\nx^2\n\\]", "> \\[\n> x^2\n> \\]", "\\begin{equation}\nx^2\n\\end{equation}", "text\n\\[ x^2 \\]"],
)  # fmt: skip
def test_formulas_have_the_brackets_of_latex_too(source):
    [slide] = read(f"# A\n\n{source}\n").slides
    block = slide.blocks[-1]
    shown = block if isinstance(block, Display) else block.blocks[0]
    [[expected]] = [slide.blocks for slide in read("$$x^2$$").slides]
    assert shown.formula.tree == expected.formula.tree


def test_an_error_in_such_a_formula_has_its_place():
    with pytest.raises(gs.GraphstepError) as refused:
        read("# A\n\n> text\n>\n> \\[\n> x + \\nope\n> \\]\n")
    error = refused.value
    assert (error.line, error.source[slice(*error.span)]) == (6, "\\nope")


@pytest.mark.parametrize("piece", ["\\( ", "\\(x\\) ", "\\[\n", "\\[\n\n", "\\begin{align}\n", "\\begin{align} x\n\n", "[^1]", "<!-- a -->\n"])  # fmt: skip
def test_long_texts_take_a_time_that_grows_with_their_length(piece):
    from graphstep.markdown.syntax import parser

    parser().parse(piece * (100_000 // len(piece)))


@pytest.mark.parametrize("lang", ["ru-RU", "ru_RU", "ru"])
def test_a_language_may_have_a_country(lang):
    assert read(f"---\nlang: {lang}\n---\n# A").meta.lang == "ru"
