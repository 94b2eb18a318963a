"""`python -m app`: prints the menu, hands over to commands/."""

import os
import sys
import warnings
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib import import_module

from app.commands import menu
from app.commands.stop import WRONG, Stop

INTERRUPTED = 130  # as a shell counts: 128 + SIGINT


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code. What is wrong is one line on standard error, never a traceback for the operator's mistake."""
    parser = menu.parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 0
    try:
        return _command(options)(options)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] == "app":
            raise
        _say(f"{parser.prog}: {error.name} is not installed for this Python: run `make install`, then .venv/bin/python -m app")
        return getattr(options, "wrong", 1)
    except Stop as stop:
        _say(f"{parser.prog} {options.command}: {stop}")
        return getattr(options, "wrong", stop.status) if stop.status == WRONG else stop.status
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # `| head` has seen enough; do not stumble again when Python flushes
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _command(options: Namespace) -> Callable[[Namespace], int]:
    """Loads the command and, with it, the settings."""
    stand_ins = {name: value for name, value in vars(options).items() if name.startswith("COMPTOIR_") and value}
    os.environ.update(stand_ins)
    if fault := _misconfigured():
        raise Stop(fault)
    # Piccolo warns at import of a database that does not answer; the command says it in its own words.
    warnings.filterwarnings("ignore", ".*Unable to (connect to database|fetch server version)")
    module, _colon, function = options.run.partition(":")
    try:
        found: Callable[[Namespace], int] = getattr(import_module(f"app.commands.{module}"), function)
    except OSError as error:  # the engine is made at import; SQLite's makes its folder
        raise Stop(f"COMPTOIR_DATABASE_URL: the database has no place: {error}") from error
    return found


def _misconfigured() -> str:
    """What is wrong with the environment; the module that would name the error's class has then failed to load."""
    try:
        import_module("app.settings")
    except Exception as error:
        if type(error).__name__ != "Misconfigured":
            raise
        return str(error)
    return ""


def _say(line: str) -> None:
    sys.stdout.flush()
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
