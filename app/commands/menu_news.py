"""What `python -m app` understands about news on its way, and about who is asked to step in."""

from app.commands.menu_parts import Commands, command, json_too

MAIL_IN_CODES = """exit codes, of sysexits.h:
  0   it has landed, waits at the desk, or needs no answer; or its writer was told by mail why not
  65  it cannot be taken: the mail server sends it back
  67  there is no such conversation: the mail server sends it back
  75  not now: the mail server comes again"""


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


def purge(commands: Commands) -> None:
    made = command(commands, "purge", "purging:run", "purge conversations whose time (COMPTOIR_INBOX_KEPT) is up")
    made.add_argument("--dry-run", action="store_true", help="only say what would be purged")
    json_too(made)


def bounce(commands: Commands) -> None:
    command(commands, "bounce", "bouncing:run", "read a mail server's report of a failed mail from standard input")


def shop(commands: Commands) -> None:
    made = command(commands, "shop", "shop:name", "say which merchant is the marketplace itself, or ask")
    made.add_argument("merchant", metavar="MERCHANT", nargs="?", default="", help="the merchant's short name")
    made.add_argument("--none", action="store_true", help="none is: customers can ask the sellers alone")


def mail_in(commands: Commands) -> None:
    made = command(
        commands, "mail-in", "mail_in:run", "take a mail to a conversation from standard input, as a mail server pipes it",
        epilog=MAIL_IN_CODES,
    )  # fmt: skip
    made.add_argument("recipients", metavar="RECIPIENT", nargs="*", help="to whom it was sent; else its headers say")
    made.add_argument("--sender", help="by whom it was sent (MAIL FROM); empty for a bounce")
    made.set_defaults(wrong=75)
