"""The command line called inside of a test, and an example of its arguments."""

from graphstep.cli.main import main

EXAMPLE = ["f = (x + y) * z", "x=-2", "y=5", "z=-4"]


def run(capsys, *args):
    """Exit status, standard output and standard error of a command."""
    try:
        status = main(list(args))
    except SystemExit as stop:
        status = stop.code
    out, err = capsys.readouterr()
    return status, out, err
