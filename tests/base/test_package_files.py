"""What comes with the package is read without loading anything that is slow to load."""

import subprocess
import sys

from graphstep.base import package_files, words


def test_a_file_beside_a_module():
    assert package_files.text(words.__file__, "words", "help.en.txt").startswith("usage")
    assert package_files.path(words.__file__, "words").endswith("words")


def test_a_figure_in_a_terminal_loads_none_of_what_is_slow_to_load():
    """Each of these takes longer to load than a bare interpreter takes to start."""
    slow = {"importlib.resources", "numpy", "networkx", "graphviz", "wasmtime", "json", "zipfile"}
    program = ("import sys; from graphstep.cli.main import main; main(['f = x*y', 'x=2', 'y=3']);"
               f"print(*sorted({slow} & sys.modules.keys()))")  # fmt: skip
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines()[-1] == ""
