"""The command line: `main`, and a module a command, each with `run(args)`."""
