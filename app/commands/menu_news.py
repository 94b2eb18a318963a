"""What `python -m app` understands about news on its way, and about who is asked to step in."""

from app.commands.menu_parts import Commands, command, json_too


def worker(commands: Commands) -> None:
    command(commands, "worker", "working:run", "do what goes on behind the pages, where COMPTOIR_WORKER is off for them")


def deliveries(commands: Commands) -> None:
    menu = commands.add_parser("deliveries", help="notices on their way: list, retry, drop")
    verbs = menu.add_subparsers(dest="verb", metavar="VERB", required=True)
    listed = command(verbs, "list", "deliveries:listed", "list what waits and what was given up")
    listed.add_argument("--state", choices=("waiting", "failed", "sent", "dropped"), default="", help="only these")
    json_too(listed)
    retried = command(verbs, "retry", "deliveries:retry", "try again at once, as often as a fresh one")
    retried.add_argument("numbers", metavar="NUMBER", nargs="*", type=int)
    retried.add_argument(
        "--all",
        action="store_true",
        help="all of the last seven days that were given up: older ones are tried by their numbers",
    )
    dropped = command(verbs, "drop", "deliveries:drop", "never send it")
    dropped.add_argument("numbers", metavar="NUMBER", nargs="+", type=int)


def bounce(commands: Commands) -> None:
    command(commands, "bounce", "bouncing:run", "read a mail server's report of a failed mail from standard input")


def shop(commands: Commands) -> None:
    made = command(commands, "shop", "shop:name", "say which merchant is the marketplace itself, or ask")
    made.add_argument("merchant", metavar="MERCHANT", nargs="?", default="", help="the merchant's short name")
    made.add_argument("--none", action="store_true", help="none is: customers can ask the sellers alone")
