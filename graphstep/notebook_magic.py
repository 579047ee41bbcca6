"""The notebook extension: `%load_ext graphstep` and the cell magic `%%graphstep`."""

from __future__ import annotations

from typing import Any

from .base.errors import GraphstepError


def load_ipython_extension(shell: Any) -> None:
    """Register `%%graphstep` in a notebook; called by `%load_ext graphstep`."""
    shell.register_magic_function(cell_magic, "cell", "graphstep")


def cell_magic(line: str, cell: str) -> Any:
    """Show the figure of a cell: the cell is the expression, its line has inputs and options.

    `%%graphstep x=-2 y=5 z=-4 --by wire --forward --quiz --widget`. Errors are printed as their
    message, without a traceback.
    """
    try:
        return _shown(line, cell)
    except GraphstepError as error:
        print(f"graphstep: {error}")
        return None


def _shown(line: str, cell: str) -> Any:
    from .figure.input_texts import inputs
    from .figure.options import CELL_OPTIONS, complete, graph, keywords, read_line
    from .stepping import stepper

    words = read_line(line, CELL_OPTIONS)
    options = complete(words.options)
    given = inputs([word.text for word in words.inputs], options["seed"])
    s = stepper(graph(cell, options), inputs=given, **keywords(options))
    if options["iterations"] > 1:
        for name in ("quiz", "widget"):
            if options[name]:
                raise GraphstepError("one_iteration", name=name)
        return s.iterations(options["iterations"])
    return s.quiz() if options["quiz"] else s.widget() if options["widget"] else s
