"""What the shell hands out: API keys and sign-in links, each alone on standard output."""

import re

from app.tokens import hash_token
from tests.commands.conftest import Shell


async def test_a_key_is_printed_alone_and_only_its_hash_is_kept(shop: Shell) -> None:
    done = shop("key", "make", "alpages", "warehouse")
    key = done.stdout.strip()
    assert re.fullmatch(r"ck_[\w-]{40,}", key)
    assert f"key revoke {key[:10]}" in done.stderr
    assert await shop.rows("SELECT name, prefix, key_hash FROM api_keys") == [("warehouse", key[:10], hash_token(key))]


async def test_a_key_is_revoked_once(shop: Shell) -> None:
    key = shop.works("key", "make", "alpages", "warehouse")
    assert shop("key", "revoke", key[:10]).returncode == 0
    assert (await shop.rows("SELECT revoked_at IS NULL FROM api_keys"))[0][0] in (0, False)
    again = shop("key", "revoke", key[:10])
    assert again.returncode == 1
    assert "no key in use" in again.stderr


def test_the_keys_are_listed_without_what_opens(shop: Shell) -> None:
    assert shop.works("key", "list", "--json") == "[]\n"
    first, second = (shop.works("key", "make", "alpages", name).strip() for name in ("warehouse", "shop"))
    shop("key", "revoke", first[:10])
    listed = shop.works("key", "list").splitlines()
    assert [line.split()[0] for line in listed] == [f"{first[:10]}…", f"{second[:10]}…"]
    assert "revoked 20" in listed[0]
    assert "in use" in listed[1]
    assert second not in shop.works("key", "list", "--json")


def test_a_key_for_a_merchant_that_is_not_there_names_those_that_are(shell: Shell) -> None:
    assert "there is none" in shell("key", "make", "nobody", "x").stderr
    shell.works("seed")
    done = shell("key", "make", "nobody", "x")
    assert (done.returncode, done.stdout) == (1, "")
    assert "alpages, atelier-nord, hifi-lambert" in done.stderr


async def test_a_sign_in_link_is_printed_alone_and_only_its_hash_is_kept(shop: Shell) -> None:
    done = shop("sign-in-link", "Alice@Example.com", COMPTOIR_BASE_URL="https://orders.example.com")
    found = re.fullmatch(r"https://orders\.example\.com/sign-in/link/([\w-]{40,})\n", done.stdout)
    assert found is not None
    assert done.stderr == ""
    assert await shop.rows("SELECT token_hash FROM sign_in_links") == [(hash_token(found[1]),)]


def test_no_link_for_whom_there_is_no_account(shell: Shell) -> None:
    done = shell("sign-in-link", "nobody@example.com")
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no account for nobody@example.com" in done.stderr
    assert shell("sign-in-link", "nobody").returncode == 2
