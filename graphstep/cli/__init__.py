"""The command line: `main`, and one module per command, each with `run(args)`."""
