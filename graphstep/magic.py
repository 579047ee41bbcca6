"""`%load_ext graphstep` and the cell magic `%%graphstep`."""

from __future__ import annotations

import shlex
from typing import Any, NoReturn

from .errors import GraphstepError


def load_ipython_extension(shell: Any) -> None:
    """Make `%%graphstep` known to a notebook; called by `%load_ext graphstep`."""
    shell.register_magic_function(cell_magic, "cell", "graphstep")


def cell_magic(line: str, cell: str) -> Any:
    """The figure of a cell: the cell is the expression, its line the inputs and options.

    `%%graphstep x=-2 y=5 z=-4 --by wire --forward --quiz --widget`. An error is told in its own
    words, without a traceback.
    """
    from .given import inputs
    from .style import Style

    try:
        options = _parser().parse_intermixed_args(shlex.split(line))
        return _shown(options, cell, inputs(options.inputs, options.seed), Style)
    except (GraphstepError, ValueError) as error:
        print(f"graphstep: {error}")
        return None


def _shown(options: Any, cell: str, given: dict[str, Any], style: Any) -> Any:
    from .frames import stepper

    s = stepper(
        cell, inputs=given, by=options.by, lang=options.lang, forward=options.forward,
        constants=options.constants,
        style=style(palette=options.palette, theme=options.theme, digits=options.digits),
    )  # fmt: skip
    return s.quiz() if options.quiz else s.widget() if options.widget else s


def _parser() -> Any:
    from argparse import ArgumentParser

    class Refused(ArgumentParser):
        """Usage errors as errors of the cell, not as an exit of the kernel."""

        def error(self, message: str) -> NoReturn:
            raise ValueError(message)

    parser = Refused(prog="%%graphstep", add_help=False, allow_abbrev=False)
    for name, default in (("by", "gate"), ("lang", "en"), ("constants", "inside"),
                          ("palette", "default"), ("theme", "auto")):  # fmt: skip
        parser.add_argument(f"--{name}", default=default)
    parser.add_argument("--digits", type=int)
    parser.add_argument("--seed", type=int, default=0)
    for flag in ("forward", "quiz", "widget"):
        parser.add_argument(f"--{flag}", action="store_true")
    parser.add_argument("inputs", nargs="*")
    return parser
