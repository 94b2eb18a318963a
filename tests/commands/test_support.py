"""Support at the shell: accounts looked at, locked, opened, freed of lost factors; and the people of desks."""

import json
import re

import pytest

from tests.commands.conftest import Done, Shell

ALICE, MO = "alice@example.com", "mo@example.com"
SECRETS = re.compile(r"hash|sealed|credential|public_key|ck_|argon", re.I)


@pytest.fixture
async def seeded(shop: Shell) -> Shell:
    """Alice has a passkey, of a phone in the lake."""
    await shop.change(
        "INSERT INTO passkeys (customer, credential_id, public_key, kind, name, created_at) "
        "SELECT id, 'abc', 'def', 'synced', 'Phone', '2026-11-01 10:00:00+00:00' FROM customers WHERE name = 'Alice Martin'"
    )
    await shop.change("UPDATE customers SET second_factor = true WHERE email = 'alice@example.com'")
    return shop


def mailed(shell: Shell, to: str, text: str) -> int:
    """How many mails to somebody hold a text of one line."""
    mails = [path.read_text() for path in (shell.place / "mail").glob("*.eml")]
    return sum(f"To: {to}" in mail and text in mail for mail in mails)


def refused(done: Done, status: int, said: str) -> None:
    assert (done.returncode, done.stdout) == (status, ""), done
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


async def test_an_account_is_shown_in_words_and_as_json_without_a_secret(seeded: Shell) -> None:
    seeded.works("account", "lock", ALICE, "--reason", "asked by telephone")
    told = seeded.works("account", "show", "Alice@Example.com")
    assert "Alice Martin" in told
    assert re.search(r"^state +locked since \d{4}-\d\d-\d\d \d\d:\d\d by the operator$", told, re.MULTILINE)
    assert re.search(r"^factor +passkey, Phone, not used yet$", told, re.MULTILINE)
    assert "The shop locked your account, asked by telephone" in told
    shown = seeded.json("account", "show", ALICE)
    assert (shown["email"], shown["locked_by"], shown["sessions"]) == (ALICE, "operator", 0)
    assert [factor["kind"] for factor in shown["factors"]] == ["passkey"]
    assert shown["events"][0]["kind"] == "account_locked"
    assert SECRETS.search(told + json.dumps(shown)) is None
    mo = seeded.json("account", "show", MO)
    assert mo["desks"] == [{"merchant": "alpages", "role": "owner"}, {"merchant": "atelier-nord", "role": "owner"}]
    assert "atelier-nord (owner)" in seeded.works("account", "show", MO)


async def test_locked_once_and_unlocked_once(seeded: Shell) -> None:
    assert "locked" in seeded.works("account", "lock", ALICE, "--reason", "fraud")
    refused(seeded("account", "lock", ALICE, "--reason", "fraud"), 1, f"{ALICE}: it is locked already")
    assert "unlocked" in seeded.works("account", "unlock", ALICE, "--reason", "none")
    refused(seeded("account", "unlock", ALICE, "--reason", "none"), 1, f"{ALICE}: it is not locked")
    assert await seeded.rows("SELECT count(*) FROM customers WHERE locked_at IS NOT NULL") == [(0,)]


async def test_factors_are_removed_after_a_day_and_looking_is_enough(seeded: Shell) -> None:
    told = seeded.works("account", "reset-factors", ALICE, "--reason", "phone in the lake")
    assert re.search(r"will be removed at \d{4}-\d\d-\d\d \d\d:\d\d UTC", told)
    assert mailed(seeded, ALICE, "/not-me/") == 1
    assert "phone in the lake" in seeded.works("account", "show", ALICE)
    assert await seeded.count("passkeys") == 1
    await seeded.change("UPDATE factor_resets SET due_at = '2026-01-01 00:00:00+00:00'")
    assert seeded.json("account", "show", ALICE)["factors"] == []
    assert await seeded.count("passkeys") == 0
    assert mailed(seeded, ALICE, "/not-me/") == 2


async def test_at_once_and_stopped(seeded: Shell) -> None:
    seeded.works("account", "reset-factors", ALICE, "--reason", "lost")
    refused(seeded("account", "reset-factors", ALICE, "--reason", "lost", "--now"), 1, "a reset is to come already")
    assert "stay" in seeded.works("account", "stop-reset", ALICE)
    refused(seeded("account", "stop-reset", ALICE), 1, "no removal of factors is to come")
    seeded.works("account", "reset-factors", ALICE, "--reason", "known for years", "--now")
    assert await seeded.count("passkeys") == 0
    refused(seeded("account", "reset-factors", ALICE, "--reason", "lost"), 1, "there is no second factor to take away")
    kinds = await seeded.rows("SELECT kind FROM events WHERE kind LIKE 'factor%' ORDER BY id")
    assert [kind for (kind,) in kinds] == ["factor_reset_asked", "factor_reset_stopped", "factor_reset_asked", "factors_reset"]


async def test_wrong_usage_changes_nothing(seeded: Shell) -> None:
    assert seeded("account", "lock", ALICE).returncode == 2
    refused(seeded("account", "lock", ALICE, "--reason", "  "), 2, "say why")
    refused(seeded("account", "show", "nobody@example.com"), 1, "there is no account for nobody@example.com")
    refused(seeded("account", "show", "nobody"), 2, "“nobody”")
    assert await seeded.rows("SELECT count(*) FROM events WHERE kind LIKE 'account%'") == [(0,)]


async def test_people_are_added_to_a_desk_listed_and_removed(seeded: Shell) -> None:
    told = seeded.works("member", "add", "Kim@Example.com", "hifi-lambert", "--role", "owner")
    assert "works at hifi-lambert as owner" in told
    assert mailed(seeded, "kim@example.com", "/desk/hifi-lambert") == 1
    assert mailed(seeded, "nia@example.com", "/desk/hifi-lambert/people") == 1, "the owner hears of it"
    lines = seeded.works("member", "list", "hifi-lambert").splitlines()
    assert [line.split()[-1] for line in lines] == ["nia@example.com", "kim@example.com"]
    assert "never there" in lines[1]
    listed = json.loads(seeded.works("member", "list", "--json"))
    assert len(listed) == 4
    assert {row["merchant"] for row in listed} == {"alpages", "atelier-nord", "hifi-lambert"}
    seeded.works("member", "remove", "nia@example.com", "hifi-lambert")
    refused(seeded("member", "remove", "nia@example.com", "hifi-lambert"), 1, "does not work at hifi-lambert")
    refused(seeded("member", "remove", "kim@example.com", "hifi-lambert"), 1, "A desk needs an owner")
    refused(seeded("member", "add", "kim@example.com", "hifi-lambert"), 1, "works here already")
    refused(seeded("member", "add", "kim", "hifi-lambert"), 1, "kim: ")
    refused(seeded("member", "add", "kim@example.com", "nowhere"), 1, "there are: alpages, atelier-nord, hifi-lambert")
    refused(seeded("member", "list", "nowhere"), 1, "there is no merchant")
    assert seeded("member", "add", "kim@example.com", "alpages", "--role", "boss").returncode == 2


async def test_a_key_of_the_shell_is_told_to_the_owners_and_recorded(seeded: Shell) -> None:
    key = seeded.works("key", "make", "alpages", "warehouse").strip()
    assert mailed(seeded, MO, f"warehouse ({key[:10]}") == 1
    seeded.works("key", "revoke", key[:10])
    assert mailed(seeded, MO, f"warehouse ({key[:10]}") == 2
    kinds = await seeded.rows("SELECT kind, data FROM events WHERE kind LIKE 'api_key%' ORDER BY id")
    assert [kind for kind, _data in kinds] == ["api_key_made", "api_key_revoked"]
    assert all(json.loads(data) == {"by": "operator", "name": "warehouse", "prefix": key[:10]} for _kind, data in kinds)
    assert seeded("key", "make", "alpages", "x" * 101).returncode == 2


async def test_the_operator_gives_an_account_another_address(seeded: Shell) -> None:
    """Also back to one whose own address was lost to somebody else."""
    told = seeded.works("account", "change-email", ALICE, "Alice@Elsewhere.example", "--reason", "lost her mailbox")
    assert "alice@elsewhere.example" in told
    assert mailed(seeded, ALICE, "/not-me/") == 1
    shown = seeded.json("account", "show", "alice@elsewhere.example")
    assert shown["events"][0]["text"] == "The shop changed your e-mail address, lost her mailbox"
    refused(seeded("account", "show", ALICE), 1, "there is no account")
    refused(seeded("account", "change-email", "alice@elsewhere.example", MO, "--reason", "x"), 1, "another account has")
    refused(seeded("account", "change-email", "alice@elsewhere.example", "nonsense", "--reason", "x"), 2, "not an e-mail")
    refused(
        seeded("account", "change-email", "alice@elsewhere.example", "alice@elsewhere.example", "--reason", "x"), 1, "already"
    )
    await seeded.change("UPDATE customers SET email = 'account-1@taken-back.invalid' WHERE email = 'alice@elsewhere.example'")
    seeded.works("account", "change-email", "account-1@taken-back.invalid", ALICE, "--reason", "she has it again")
    assert seeded.json("account", "show", ALICE)["email"] == ALICE


async def test_an_operator_is_named_once_and_hears_of_what_nobody_else_can_be_told(seeded: Shell) -> None:
    assert "an operator from now on" in seeded.works("account", "operator", ALICE, "--reason", "runs the counter")
    refused(seeded("account", "operator", ALICE, "--reason", "again"), 1, f"{ALICE}: this is an operator already")
    shown = seeded.json("account", "show", ALICE)
    assert (shown["operator"], shown["events"][0]["kind"]) == (True, "operator_begun")
    assert "The shop made you one of its operators, runs the counter" in seeded.works("account", "show", ALICE)
    assert "no operator any more" in seeded.works("account", "operator", ALICE, "--end", "--reason", "has left")
    refused(seeded("account", "operator", ALICE, "--end", "--reason", "again"), 1, f"{ALICE}: this is no operator")
    assert await seeded.rows("SELECT count(*) FROM customers WHERE operator") == [(0,)]
