"""The player's modules, and how they are joined into one script."""

import re
from graphlib import CycleError
from pathlib import Path

import pytest

import graphstep as gs
from graphstep.player import assets
from graphstep.player.javascript import PROPERTIES, joined
from graphstep.player.payload import live, payload

ENTRIES = ("page", "widget", "deck")
FOLDER = Path(assets.__file__).parent / "static" / "modules"
MODULES = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
DECLARED = r"^(?:export )?(?:async )?(?:function|const|class|let|var)\*? (\w+)"


def join(**files):
    """The script of a.js, of these files."""
    return joined("a", files.__getitem__)


def test_each_module_stands_once_after_all_that_it_needs():
    text = join(
        a='import { b } from "./b.js";\nimport { c, d } from "./c.js";\n\nb(c, d);\n',
        b='// A comment.\nimport { c } from "./c.js";\nexport function b() {\n  return c; // c\n}\n',
        c="export const c = 1;\nexport class d {}\n",
    )
    assert text == "let c=1;class d{}function b(){return c}\nb(c,d);"


@pytest.mark.parametrize(
    "line",
    [
        'import b from "./b.js";',
        'import * as b from "./b.js";',
        'import { b as c } from "./b.js";',
        'import { b } from "b";',
        'import { b } from "../b.js";',
        'import { b } from "./in/b.js";',
        'import { b } from "https://example.org/b.js";',
        "import { b } from './b.js';",
        'import { b } from "./b.js"; b();',
        '  import { b } from "./b.js";',
        'import "./b.js";',
        "import {",
        'const b = await import("./b.js");',
        "const here = import.meta.url;",
        "export default b;",
        "export { b };",
        'export * from "./b.js";',
        "export let b = 1;",
        "export const { b } = c;",
        "  export const b = 1;",
        "const text = `it goes on",
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(line):
    with pytest.raises(ValueError, match=re.escape(f"a: {line}")):
        join(a=line, b="export const b = 1;")


@pytest.mark.parametrize(
    "line", ['b("https://a // b");', "b(` // ${c} //`);", "b(1 /* // */ + 'x // y', 2);"]
)
def test_what_looks_like_a_comment_in_a_string_stays(line):
    text, parts = (
        join(a=line),
        [part for part in ("https://a // b", "// ${c} //", "x // y") if part in line],
    )
    assert all(part in text for part in parts)
    assert len(parts) == 1


def test_a_name_that_is_not_exported_is_refused():
    with pytest.raises(ValueError, match=r"a: b: "):
        join(a='import { b } from "./b.js";', b="const b = 1;")


@pytest.mark.parametrize("declared", ["const c = 1;", "function c() {}", "export class c {}"])
def test_two_modules_may_not_declare_the_same_name(declared):
    with pytest.raises(ValueError, match=r"a: c$"):
        join(a=f'import {{ b }} from "./b.js";\n{declared}', b="export const b = 1;\nlet c = 2;")


def test_a_further_constant_of_a_line_counts_as_well():
    with pytest.raises(ValueError, match=r"a: MOST$"):
        join(a='import { b } from "./b.js";\nconst LEAST = 0.2, MOST = 6;',
             b="export const b = 1;\nconst MOST = 8, d = 2;")  # fmt: skip


@pytest.mark.parametrize(
    ("line", "short"),
    [("if (a) { b = [1, -2, c - -d]; }", "if(a){b=[1,-2,c- -d]}"),
     ("if (a) { for (b of c(d)); }", "if(a){for(b of c(d));}"), ("f({ a: [1, ], });", "f({a:[1,]});"),
     ("f((a) => { g((b, c) => b); });", "f(a=>{g((b,c)=>b)});"), ("f(() => (a), ({ b }) => b);", "f(()=>(a),({b})=>b);"),
     ('f("a, b = { c }", 1);', 'f("a, b = { c }",1);'),
     ("g(`a, ${ b + c } `, 2);", "g(`a, ${b+c} `,2);"), ("h(/a, b = c/, 1 / 2);", "h(/a, b = c/,1/2);"),
     ("return typeof a in { ...b };", "return typeof a in{...b};"), ("a = b + +c;", "a=b+ +c;")],
)  # fmt: skip
def test_spaces_that_only_readers_need_are_left_out(line, short):
    assert join(a=line) == short


def test_names_of_the_script_alone_become_short():
    text = join(
        a='import { longer } from "./b.js";\nexport function start(node) {\n'
          "  const made = longer(node, (longer) => longer);\n  return made;\n}\n",
        b="const inside = 2;\nexport function longer(node, act) {\n  return act(node) + inside;\n}\n",
    )  # fmt: skip
    assert "start(node)" in text  # it is what the page calls
    assert not {"longer", "inside"} & set(re.findall(r"\w+", text))
    assert (
        text
        == "let b=2;function a(node,act){return act(node)+b}function start(node){let c=a(node,a=>a);return c}"
    )


@pytest.mark.parametrize(
    "use", ["x.longer = 1;", "f({ longer });", "f({ longer: 1 });", "const { longer: b } = x;",
            "f(`${`${longer}`}`);", "f(`${{ longer }}`);", "x?.longer();", "f({ a, longer() {} });",
            "({ a, longer }) => a;", "const { a, longer = 1 } = x;"],
)  # fmt: skip
def test_names_that_others_may_use_stay(use):
    """Those of properties, above all: elements and data have them."""
    assert "longer" in join(a=f"function longer() {{}}\n{use}")


def test_what_only_looks_like_a_property_becomes_short():
    text = join(
        a="function longer() {}\nif (a) { longer(b); } else { longer(c, longer); } f([longer], ...longer);"
        'f(`a ${longer}b`); f(b ? `${longer ? "a b" : c.d}` : 1); x.dataset.longer = x.dataset[longer];'
    )
    assert "x.dataset.longer=x" in text
    text = text.replace("dataset.longer", "")
    assert "longer" not in text


@pytest.mark.parametrize(
    ("lines", "joint"),
    [("const a = 1;\nlet b = 2;\nf(a);\nlet c;", "let a=1,b=2;f(a);let c;"),
     ("const f = (a) => {\nlet b = a;\nlet c = { b };\nreturn c;\n};\nlet g = 1;", "let f=a=>{let b=a,c={b};return c},g=1;"),
     ("for (let i = 0; i < n; i += 1) { a = i; }\nlet b = 1;", "for(let i=0;i<n;i+=1){a=i}\nlet b=1;"),
     ("for (const a of b) {\nf(a);\n}\nconst c = 1;", "for(let a of b){f(a)}\nlet c=1;"),
     ("let a = { b: [1, 2] };\nif (a) { c = 1; }\nlet d;", "let a={b:[1,2]};if(a){c=1}\nlet d;")],
)  # fmt: skip
def test_declarations_that_follow_each_other_are_one(lines, joint):
    assert join(a=lines) == joint


def test_a_circle_is_refused():
    with pytest.raises(CycleError):
        join(a='import { b } from "./b.js";\nexport const a = 1;',
             b='import { a } from "./a.js";\nexport const b = 1;')  # fmt: skip


# --- graphstep's own modules


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_script_holds_nothing_of_modules(entry):
    text = assets.script(entry)
    assert not re.search(r"\b(?:import|export)\b", text)
    assert "innerHTML" not in text
    assert not re.search(r"\beval\b|\bFunction\(", text)
    assert len(text.encode()) <= 46_000


def test_properties_that_become_short_are_nowhere_read_by_others():
    """They are no keys of data, no events of the player's parts, and in no template."""
    s = gs.stepper("f = (w*x - y)**2", w=1, x=2, y=6, update="w")
    keys = {*live(s), *payload(s), *payload(s)["words"], *payload(s)["steps"][0], "theme"}
    told = re.findall(r'tell\(player, "(\w+)"', "".join(MODULES.values()))
    assert len(told) > 5
    assert not {*PROPERTIES} & {*keys, *told}


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_name_that_became_short_is_nowhere_left(entry):
    """Not in a template either: a name of a module that is used as it was is declared as it was."""
    text, waiting, reached = assets.script(entry), [entry], set[str]()
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting += set(re.findall(r'from "\./(.*)\.js";', MODULES[name])) - reached
    declared = {n for name in reached for n in re.findall(DECLARED, MODULES[name], re.MULTILINE)}
    left = {n for n in declared if re.search(rf"(?<![.\w\"-]){n}(?![\w\":-])", text)}
    assert all(re.search(rf"(?:(?:let|function|class)\*? |,){n}\b", text) for n in left)


def test_the_widget_has_a_module_that_imports_nothing():
    text = assets.module()
    assert text.endswith("\nexport default { render };\n")
    assert text.removesuffix("export default { render };\n") == assets.script("widget") + "\n"


def test_every_module_is_part_of_a_script():
    reached, waiting = set(), list(ENTRIES)
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting += set(re.findall(r'from "\./(.*)\.js";', MODULES[name])) - reached
    assert reached == set(MODULES)


def test_no_two_modules_declare_the_same_name():
    declared = [
        found for text in MODULES.values() for found in re.findall(DECLARED, text, re.MULTILINE)
    ]
    assert sorted(declared) == sorted(set(declared))


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_what_it_calls_and_nothing_else(name):
    """Joined, a function is found without its import; as a module it is not."""
    code = re.sub(r"//.*|^import .*$", "", MODULES[name], flags=re.MULTILINE)
    lines = re.findall(r"^import \{ (.*) \}", MODULES[name], re.MULTILINE)
    imported = {word for line in lines for word in line.split(", ")}
    elsewhere = {found for other, text in MODULES.items() if other != name
                 for found in re.findall(r"^export (?:async )?\w+ (\w+)", text, re.MULTILINE)}  # fmt: skip
    assert imported <= set(re.findall(r"\w+", code))
    assert elsewhere & set(re.findall(r"(?<![\w.])\w+(?=\()", code)) <= imported


def test_modules_and_functions_are_short():
    block = re.compile(
        r"^(?:export )?(?:async )?(?:function|const) .*?^\}", re.MULTILINE | re.DOTALL
    )
    for name, text in MODULES.items():
        assert text.count("\n") <= 160, name
        assert all(found.count("\n") <= 40 for found in block.findall(text)), name
