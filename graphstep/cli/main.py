"""The command line: text in, steps or files out."""

from __future__ import annotations

import sys

from .. import __version__

TYPE_CHECKING = False  # true for type checkers; importing typing would double the time to start
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence
    from typing import Any

    from ..stepping import Stepper, StepperIterations

VERSION = f"graphstep {__version__}"
OK, BAD_INPUT, STOPPED = 0, 1, 130
DEAD_BY = 128  # plus the number of the signal, as shells have it
SUBCOMMANDS = ("deck", "exercise")  # each is a module of this package


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    args = list(sys.argv[1:] if argv is None else argv)
    if None in (sys.stdin, sys.stdout, sys.stderr):
        _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # a terminal that cannot print ∂ is no reason to fail
            stream.reconfigure(errors="backslashreplace")
    try:
        return _flushed(args)
    except BrokenPipeError:  # the reader, such as head, has stopped reading
        _discard_output()
        return OK
    except KeyboardInterrupt:
        return STOPPED
    except Exception as error:
        _discard_output()
        return _failed(error, args)


def _flushed(args: list[str]) -> int:
    """Run the command, and write its output even where it ends by SystemExit."""
    try:
        return _status(args)
    finally:
        if sys.stdout:  # None if the caller has closed it
            sys.stdout.flush()


def _discard_output() -> None:
    """Drop output that cannot be written: Python would try again when it ends, and fail."""
    import os

    try:
        if sys.stdout:
            sys.stdout.flush()
    except (OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_closed_streams() -> None:
    """Open standard streams that the caller has closed, so that no file gets their numbers."""
    import os

    while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(handle, True)
    os.close(handle)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _failed(error: Exception, args: list[str]) -> int:
    """Print what is wrong with the input and return the status; raise all other errors again."""
    from ..base.errors import GraphstepError, reason
    from ..base.words import known_language

    if isinstance(error, GraphstepError):
        message = error.message(known_language(_language(args) or error.lang))
    elif isinstance(error, OSError):
        message = reason(error)
    else:
        raise error
    print(f"graphstep: {message}", file=sys.stderr)
    return BAD_INPUT


def _status(args: list[str]) -> int:
    """Do what the arguments ask for, and return the exit status."""
    # these appear at once, since they need no parser
    if args in (["-h"], ["--help"]):
        from .help import help_text

        print(help_text(), end="")
        return OK
    if args == ["--version"]:
        print(VERSION)
        return OK
    from ..base.processes import Terminated, polite_end

    try:
        with polite_end():
            return _command(args)
    except Terminated as ended:
        return DEAD_BY + int(ended.args[0])


def _command(args: list[str]) -> int:
    if args and args[0] in SUBCOMMANDS:
        from importlib import import_module

        status: int = import_module(f".{args[0]}", __package__).run(args[1:])
        return status
    asked, chosen = _read(args)
    if asked.inputs or asked.expression not in ("gates", "formats"):
        return _show(asked, chosen)
    return _gates(asked, chosen) if asked.expression == "gates" else _formats(chosen)


def _read(args: list[str]) -> tuple[Namespace, dict[str, Any]]:
    """The parsed arguments, and the options of the figure. Raises GraphstepError."""
    from ..figure.options import COMMAND_OPTIONS, from_texts, with_flag_values

    parser, args = _parser(), with_flag_values(args)
    # intermixed: options between inputs; but argparse then refuses --
    asked = parser.parse_args(args) if "--" in args else parser.parse_intermixed_args(args)
    texts = {name: getattr(asked, name) for name in COMMAND_OPTIONS}
    return asked, from_texts(texts, captions=True)


def _language(args: list[str]) -> str:
    """The language for errors, even of arguments that cannot be parsed; empty if none is given."""
    for k, arg in enumerate(args):
        if arg == "--lang":
            return args[k + 1] if k + 1 < len(args) else ""
        if arg.startswith("--lang="):
            return arg.removeprefix("--lang=")
    return ""


def _parser() -> ArgumentParser:
    from ..figure.options import COMMAND_OPTIONS
    from .arguments import Parser

    parser = Parser()
    parser.add_argument("expression", metavar="EXPR")
    parser.add_argument("inputs", nargs="*", metavar="name=value")
    parser.add_argument("-o", "--output", action="append")
    for name in COMMAND_OPTIONS:
        parser.add_argument(f"--{name}")
    parser.add_argument("--plot")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--version", action="version", version=VERSION)
    return parser


def _show(asked: Namespace, chosen: dict[str, Any]) -> int:
    from ..figure.frame_choice import chosen_frames, noted_frames
    from ..figure.input_texts import inputs, not_a_file
    from ..figure.options import graph, keywords
    from ..stepping import stepper

    for word in (asked.expression, *asked.inputs):
        not_a_file(word)
    text, given = _expression(asked.expression), inputs(asked.inputs, chosen["seed"])
    whole = stepper(graph(text, chosen), inputs=given, **keywords(chosen))
    shown = chosen_frames(chosen["steps"], whole)
    first = whole.showing(shown, noted_frames(chosen["captions"], whole, shown))
    s = first if chosen["iterations"] == 1 else first.iterations(chosen["iterations"])
    if asked.output is not None:
        _write(s, asked.output)
    elif not asked.check:
        _print(s)
    return _check(whole) if asked.check else OK


def _write(s: Stepper | StepperIterations, paths: list[str]) -> None:
    """Write the files of all paths, once all of these are known to name a format."""
    from tqdm import tqdm

    from ..base.files import write
    from ..outputs import plan

    for files in [plan(s, path) for path in paths]:
        for target, text in tqdm(
            files, unit="frame", leave=False, disable=None if len(files) > 1 else True
        ):
            write(target, text())
        print(files[0][0] if len(files) == 1 else f"{files[0][0]} ... {files[-1][0]}")


def _print(s: Stepper | StepperIterations) -> None:
    from shutil import get_terminal_size

    from ..outputs.text import WIDTH, whole

    print(whole(s, min(get_terminal_size((WIDTH, 24)).columns, WIDTH)), end="")


def _check(s: Stepper) -> int:
    report = s.tape.check()._replace(lang=s.lang)
    print(report)
    return OK if report.ok else BAD_INPUT


def _gates(asked: Namespace, chosen: dict[str, Any]) -> int:
    if asked.plot is not None:
        return _plot(asked.plot, chosen)
    from ..base.terminal_tables import columns
    from ..base.words import say
    from .gate_table import functions, gate_rows

    rows = gate_rows(chosen["lang"])
    print(*columns(rows, len(rows[0])), sep="\n")
    print("", say("listing.functions", chosen["lang"]), "", *functions(), sep="\n")
    return OK


def _formats(chosen: dict[str, Any]) -> int:
    from ..base.terminal_tables import columns
    from ..outputs import format_rows

    rows = format_rows(chosen["lang"])
    print(*columns(rows, len(rows[0])), sep="\n")
    return OK


def _plot(path: str, chosen: dict[str, Any]) -> int:
    from ..base.errors import OutputError
    from ..base.files import write
    from ..figure.activation_curves import curves
    from ..look.style import Style

    if not path.lower().endswith(".svg"):
        raise OutputError("only_svg", path=path)
    print(write(path, curves(Style(chosen["palette"], chosen["theme"]), chosen["lang"])))
    return OK


def _expression(given: str) -> str:
    """The expression itself, or the content of @FILE or of standard input."""
    from ..base.errors import readable
    from ..base.files import read_text
    from ..graph.parser import MOST_CHARACTERS

    with readable(given.removeprefix("@") or given):
        if given == "-":
            return sys.stdin.read(MOST_CHARACTERS + 1) if sys.stdin else ""
        if given.startswith("@"):
            return read_text(given[1:], 4 * MOST_CHARACTERS)
    return given


if __name__ == "__main__":
    sys.exit(main())
