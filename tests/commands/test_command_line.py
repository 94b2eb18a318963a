"""What every command has in common: help, exit codes, and one line for the operator's mistake."""

import pytest

from tests.commands.conftest import Shell

COMMANDS = ["serve", "migrate", "seed", "import", "sign-in-link", "backup", "check"]
NONSENSE = {
    "COMPTOIR_PORT": "eighty",
    "COMPTOIR_BASE_URL": "orders.example.com",
    "COMPTOIR_DATABASE_URL": "mysql://somewhere/else",
    "COMPTOIR_SMTP_URL": "mail.example.com",
    "COMPTOIR_LOCALES": "en,klingonish",
    "COMPTOIR_ACCENT": "blue",
    "COMPTOIR_LOGO": "/no/such/logo.svg",
    "COMPTOIR_PROT": "8000",
}


@pytest.mark.without_database
def test_without_a_command_the_menu_is_printed(bare: Shell) -> None:
    menu = bare.works()
    assert all(f"\n    {name} " in menu for name in [*COMMANDS, "key", "account", "member"])


@pytest.mark.without_database
@pytest.mark.parametrize(
    "command", [*COMMANDS, "key make", "key revoke", "account show", "account reset-factors", "member add"]
)
def test_every_command_has_its_help_even_when_the_settings_are_nonsense(bare: Shell, command: str) -> None:
    told = bare.works(*command.split(), "--help", COMPTOIR_PORT="eighty")
    assert told.startswith(f"usage: python -m app {command} ")
    assert "exit codes:" in told
    assert not bare.place.exists()


@pytest.mark.without_database
def test_a_command_that_does_not_exist_is_wrong_usage(bare: Shell) -> None:
    done = bare("improt")
    assert (done.returncode, done.stdout) == (2, "")
    assert "invalid choice: 'improt'" in done.stderr


@pytest.mark.without_database
@pytest.mark.parametrize("name", NONSENSE)
def test_a_nonsense_setting_stops_the_start_and_names_the_variable(bare: Shell, name: str) -> None:
    done = bare("serve", **{name: NONSENSE[name]})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"python -m app serve: {name}: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.without_database
def test_a_nonsense_port_on_the_command_line_is_told_like_the_setting(bare: Shell) -> None:
    done = bare("serve", "--port", "99999")
    assert done.returncode == 2
    assert "COMPTOIR_PORT: “99999” is not a port number" in done.stderr


@pytest.mark.parametrize("command", ["migrate", "seed", "serve", "sign-in-link a@example.com"])
@pytest.mark.parametrize(
    "url",
    ["postgresql://me:s3cret@127.0.0.1:1/shop", "postgresql://me:s3cret@127.0.0.1:one/shop", "sqlite:////proc/none/shop.db"],
    ids=["nobody listens", "no port number", "no such folder"],
)
def test_a_database_that_cannot_be_used_is_told_in_one_line_without_its_password(bare: Shell, command: str, url: str) -> None:
    done = bare(*command.split(), COMPTOIR_DATABASE_URL=url)
    assert (done.returncode, done.stdout) == (2, "")
    assert "COMPTOIR_DATABASE_URL" in done.stderr
    assert done.stderr.count("\n") == 1
    assert "s3cret" not in done.stderr


@pytest.mark.without_database
def test_a_data_folder_that_cannot_be_written_is_named(bare: Shell) -> None:
    done = bare("check", COMPTOIR_DATA_DIR="/proc/comptoir")
    assert done.returncode == 2
    assert "COMPTOIR_DATA_DIR" in done.stderr


@pytest.mark.parametrize(
    "command", ["seed", "sign-in-link a@example.com", "key make shop erp", "account show a@example.com", "member list"]
)
def test_commands_that_need_the_tables_say_how_to_make_them(bare: Shell, command: str) -> None:
    done = bare(*command.split())
    assert done.returncode == 2
    assert "run `python -m app migrate` first" in done.stderr
