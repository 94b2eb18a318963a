"""What every entry of the menu is made with."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter, _SubParsersAction

EXIT_CODES = """exit codes:
  0  done
  1  not all of it worked, or something is wrong
  2  wrong usage, a wrong setting, or the database cannot be used: nothing was done"""

Commands = _SubParsersAction  # of ArgumentParser; the class cannot be subscripted at run time


class Layout(RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=120)
        self._action_max_length = 16  # argparse forgets that commands are indented, and breaks the line of the longest


def command(commands: Commands, name: str, run: str, tells: str, epilog: str = EXIT_CODES) -> ArgumentParser:
    made: ArgumentParser = commands.add_parser(
        name, help=tells, description=tells[0].upper() + tells[1:] + ".", epilog=epilog, formatter_class=Layout
    )
    made.set_defaults(run=run)
    return made


def json_too(made: ArgumentParser) -> None:
    made.add_argument("--json", action="store_true", help="one JSON object on standard output")
