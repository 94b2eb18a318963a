"""What `python -m app` understands. Declarations only: nothing of the app is loaded before a command is chosen.

An option whose name in the program is COMPTOIR_… stands in for that variable; `run` is "module:function" in here.
"""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

from app.commands import menu_news
from app.commands.menu_parts import EXIT_CODES, Commands, Layout
from app.commands.menu_parts import command as _command
from app.commands.menu_parts import json_too as _json

SOURCES = {  # what --help says of each; the modules are app/ingest/<name>.py
    "amazon": "Amazon's own files for its customers: Order History Reports, the privacy export, Your Orders.zip",
    "shopify": "orders_export.csv, or orders, fulfilments and refunds as JSON",
    "woocommerce": "orders as the REST API answers them, JSON",
    "spreadsheet": "any CSV, with --mapping telling what its columns are",
    "comptoir": "the JSON that a customer exports here",
}
SENDERS = ("easypost", "aftership", "shippo", "shopify", "woocommerce")  # of webhooks; app/tracking/signatures.py checks each
DESCRIPTION = """Comptoir, the after-purchase counter. Settings are COMPTOIR_… variables in the environment."""
IMPORT = """exit codes:
  0  everything landed
  1  something was refused (the report says what and why); the rest landed
  2  wrong usage, an unreadable file, a wrong setting, or the database cannot be used
Run again after an interruption, also after kill -9: what has landed stays and is not doubled.

sources:
"""
BACKUP = (
    """What else belongs into a backup: the folder COMPTOIR_DATA_DIR, for `pictures`, `invoices`, `proofs`, `returns`,
`secret_key` and `signing_key`.
To restore SQLite, stop the server, put the file in the database's place and remove the -wal and -shm files beside it;
PostgreSQL: pg_restore --clean --if-exists --no-owner -d DATABASE FILE.

"""
    + EXIT_CODES
)


def parser() -> ArgumentParser:
    whole = ArgumentParser("python -m app", description=DESCRIPTION, epilog=EXIT_CODES, formatter_class=Layout)
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    news = (menu_news.worker, menu_news.deliveries, menu_news.bounce)
    for add in (
        _serve,
        *news,
        _migrate,
        _seed,
        _import,
        _sign_in_link,
        _account,
        _member,
        menu_news.shop,
        _key,
        _source,
        _backup,
        _check,
    ):
        add(commands)
    return whole


def _serve(commands: Commands) -> None:
    made = _command(commands, "serve", "serving:run", "serve the counter")
    made.add_argument("--host", default="127.0.0.1", help="the address to listen on (%(default)s)")
    made.add_argument("--port", dest="COMPTOIR_PORT", metavar="PORT", help="the same as COMPTOIR_PORT (8000)")
    made.add_argument("--workers", type=_count, default=1, metavar="N", help="processes (%(default)s)")
    made.add_argument("--access-log", action="store_true", help="log every request on standard output")
    made.add_argument("--no-migrate", action="store_true", help="do not bring the tables up to date first")
    made.add_argument("--links", action="store_true", help="print a one-time sign-in link for each demo customer")


def _migrate(commands: Commands) -> None:
    _json(_command(commands, "migrate", "database:run_migrate", "bring the database's tables up to date"))


def _seed(commands: Commands) -> None:
    made = _command(commands, "seed", "seeding:run", "put in the demo shop: merchants, products, customers, orders")
    made.add_argument("--if-empty", action="store_true", help="only when the database holds no merchant, customer or order")
    _json(made)


def _import(commands: Commands) -> None:
    sources = "\n".join(f"  {name:<13}{about}" for name, about in SOURCES.items())
    made = _command(commands, "import", "importing:run", "take orders in from files", IMPORT + sources)
    made.add_argument("source", metavar="SOURCE", choices=SOURCES, help=", ".join(SOURCES))
    made.add_argument("files", metavar="FILE", nargs="+", type=Path)
    made.add_argument(
        "--customer", default="", metavar="EMAIL", help="whose orders they are, where files name nobody; Amazon's always are"
    )
    made.add_argument("--merchant", default="", metavar="SLUG", help="the shop; made when missing (the source's name)")
    made.add_argument("--merchant-name", default="", metavar="NAME", help="what a shop that is made is called")
    made.add_argument("--zone", default="UTC", help="the zone of times that name none, such as Europe/Paris (%(default)s)")
    made.add_argument("--mapping", default="", metavar="NAME|FILE", help="for a spreadsheet: a shipped mapping or a TOML file")
    made.add_argument("--dry-run", action="store_true", help="read and check everything, write nothing")
    made.add_argument("--report", type=Path, metavar="FILE", help="a CSV of what was refused: file, line, external_id, reason")
    _json(made)


def _sign_in_link(commands: Commands) -> None:
    made = _command(
        commands, "sign-in-link", "support:sign_in_link", "print an address that lets a customer in: one use, 15 minutes"
    )
    made.add_argument("email", metavar="EMAIL")


def _account(commands: Commands) -> None:
    account = commands.add_parser("account", help="look at an account; lock it, or remove its lost second factors")
    verbs = account.add_subparsers(dest="verb", metavar="VERB", required=True)
    shown = _command(verbs, "show", "accounts:show", "show an account: its state, factors, sessions, desks and last events")
    locked = _command(verbs, "lock", "accounts:lock", "sign everybody out of an account and keep them out")
    opened = _command(verbs, "unlock", "accounts:unlock", "let a locked account's owner in again")
    reset = _command(
        verbs, "reset-factors", "accounts:reset_factors", "remove all second factors: in 24 hours, unless the customer stops it"
    )
    stopped = _command(verbs, "stop-reset", "accounts:stop_reset", "stop a removal of factors that is to come")
    moved = _command(verbs, "change-email", "accounts:change_email", "give an account another e-mail address")
    operator = _command(verbs, "operator", "accounts:operator", "let somebody hear by mail of what nobody else can be told")
    for made in (shown, locked, opened, reset, stopped, moved, operator):
        made.add_argument("email", metavar="EMAIL")
    moved.add_argument("new", metavar="NEW", help="the new address; you know for certain that it is theirs")
    for made in (locked, opened, reset, moved, operator):
        made.add_argument("--reason", required=True, metavar="TEXT", help="kept with the event")
    reset.add_argument("--now", action="store_true", help="do not wait: you know for certain who asks")
    operator.add_argument("--end", action="store_true", help="they hear of it no longer")
    _json(shown)


def _member(commands: Commands) -> None:
    member = commands.add_parser("member", help="add, remove or list the people of merchants' desks")
    verbs = member.add_subparsers(dest="verb", metavar="VERB", required=True)
    added = _command(verbs, "add", "members:add", "let somebody work at a merchant's desk")
    removed = _command(verbs, "remove", "members:remove", "let somebody work there no more")
    for made in (added, removed):
        made.add_argument("email", metavar="EMAIL")
        made.add_argument("merchant", metavar="MERCHANT", help="the merchant's short name")
    said = "managers also decline and write the rules of returns, owners also change people, keys and the brand"
    added.add_argument("--role", choices=("agent", "manager", "owner"), default="agent", help=said)
    listed = _command(verbs, "list", "members:listed", "list the people of all merchants, or of one")
    listed.add_argument("merchant", metavar="MERCHANT", nargs="?", default="")
    _json(listed)


def _key(commands: Commands) -> None:
    key = commands.add_parser("key", help="make, list or revoke merchants' API keys")
    verbs = key.add_subparsers(dest="verb", metavar="VERB", required=True)
    made = _command(verbs, "make", "keys:make", "print a new API key; it is shown this once")
    made.add_argument("merchant", metavar="MERCHANT", help="the merchant's short name")
    made.add_argument("name", metavar="NAME", help="what the key is for, such as “warehouse”")
    _json(_command(verbs, "list", "keys:listed", "list the API keys, the revoked ones too"))
    revoked = _command(verbs, "revoke", "keys:revoke", "revoke an API key")
    revoked.add_argument("prefix", metavar="PREFIX", help="the first ten characters of the key: ck_…")


def _source(commands: Commands) -> None:
    source = commands.add_parser("source", help="who may bring news of a merchant's parcels by webhook")
    verbs = source.add_subparsers(dest="verb", metavar="VERB", required=True)
    added = _command(verbs, "add", "sources:add", "take a sender's messages, and print the secret it is to sign with")
    added.add_argument("--stdin", action="store_true", help="the sender has chosen the secret: read it from standard input")
    removed = _command(verbs, "remove", "sources:remove", "take them no more")
    for made in (added, removed):
        made.add_argument("merchant", metavar="MERCHANT", help="the merchant's short name")
        made.add_argument("source", metavar="SOURCE", choices=SENDERS, help=", ".join(SENDERS))
    _json(_command(verbs, "list", "sources:listed", "list them, with how much of their news was of no parcel here"))


def _backup(commands: Commands) -> None:
    made = _command(commands, "backup", "backup:run", "write the database into one file, consistent while serving", BACKUP)
    made.add_argument("file", metavar="FILE", type=Path)
    made.add_argument("--force", action="store_true", help="replace the file when it exists")
    _json(made)


def _check(commands: Commands) -> None:
    _json(_command(commands, "check", "check:run", "tell whether everything that serving needs is in order"))


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 64:
        raise ArgumentTypeError(f"“{text}” is not a number from 1 to 64")
    return int(text)
