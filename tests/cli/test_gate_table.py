"""The table of gates that the command prints."""

from command_line import run

from graphstep.base.words import languages
from graphstep.gates import GATES
from graphstep.language.foreign_names import COMPOSITES


def test_gates_are_listed(capsys):
    status, out, _ = run(capsys, "gates")
    assert status == 0
    for gate in GATES.values():
        row = next(line for line in out.splitlines() if line.startswith(gate.name + " "))
        assert gate.domain in row
        assert gate.nickname in row
    assert "sigmoid σ sigmoid(x) (1 − sigmoid(x))*sigmoid(x)" in " ".join(out.split())
    assert "matmul @ x @ y g → g · yᵀ; g → xᵀ · g" in " ".join(out.split())
    for name, definitions in COMPOSITES.items():
        assert all(text.rpartition("; ")[2] in out.splitlines() for text in definitions), name
    status, out, _ = run(capsys, "gates", "--lang", "ru")
    assert "Функции из узлов" in out
    assert (status, out.split()[0]) == (0, "узел")
    status, _, told = run(capsys, "gates", "--lang", "xx")
    assert status == 1
    assert f"lang cannot be 'xx'; it can be: {', '.join(languages())}" in told
