"""Nonsense in the environment stops the start and names the variable."""

import stat
from pathlib import Path

import pytest

from app.setting_icons import NAMES
from app.setting_values import Misconfigured
from app.settings import read
from app.web.assets import STATIC

pytestmark = pytest.mark.without_database


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"), ("PORT", "0"), ("PORT", "70000"), ("BASE_URL", "orders.example.com"), ("BASE_URL", "ftp://x"),
        ("BASE_URL", "https://x.example/shop"), ("DATABASE_URL", "mysql://x/y"), ("DATABASE_URL", "sqlite:///"),
        ("SMTP_URL", "mail.example.com"), ("SMTP_URL", "http://mail"), ("LOCALES", "en,klingonese"), ("LOCALES", ","),
        ("LOCALES", "en,de"),
        ("BASE_URL", "http://[::1"), ("BASE_URL", "http://localhost:eighty"), ("DATABASE_URL", "sqlite://foo.db"),
        ("DATABASE_URL", "postgresql://h:abc/d"), ("DATABASE_URL", "postgresql://[x/d"), ("DATABASE_URL", "postgresql://"),
        ("SMTP_URL", "smtp://[x"), ("SMTP_URL", "smtp://mail.example.com:99999"), ("MAIL_FROM", "nonsense"),
        ("MAIL_FROM", "a@b@c"), ("MAIL_FROM", "@example.com"), ("MAIL_FROM", "Shop <orders@>"), ("MAIL_FROM", "a b"),
        ("SECRET_KEY", "fifteen letters"), ("PROXIES", "everybody"), ("PROXIES", "*"), ("PROXIES", "10.0.0.1/8"),
        ("PROXIES", ","), ("ACCENT", "blue"), ("LOGO", "nowhere.svg"),
        ("ICONS", "nowhere"), ("PLACES", "nowhere.mmdb"), ("WORKER", "maybe"), ("INBOX_KEPT", "orders=3"),
        ("INBOX_KEPT", "order=-1"), ("INBOX_KEPT", "order=1,order=2"), ("INBOX_KEPT", "order=99999999"),
        ("INBOX_KEPT", "offer"),
        ("WITHDRAWAL", "yes"),
        ("PUSH_HOSTS", "*"), ("PUSH_HOSTS", "*.com"), ("PUSH_HOSTS", "https://push.example.com"), ("PUSH_HOSTS", ","),
        ("SMS_URL", "nonsense"), ("SMS_URL", "json://host/"), ("SMS_URL", "json://host/{phone}/{phone}"),
        ("STRIPE_KEY", "pk_live_1"), ("STRIPE_KEY", "mo=sk_live_1,mo=sk_live_2"), ("STRIPE_KEY", "sk_live_1;sk_live_2"),
        ("STRIPE_SECRET", "sk_live_1"), ("STRIPE_SECRET", "mo=whsec_1,whsec_2,whsec_3"),
        ("STRIPE_URL", "http://api.stripe.com"), ("STRIPE_URL", "https://api.stripe.com/v1"), ("STRIPE_URL", "stripe"),
        ("KARRIO_URL", "ftp://karrio.example.com"), ("KARRIO_URL", "https://karrio.example.com"), ("KARRIO_URL", "karrio"),
        ("KARRIO_URL", "https://me:secret@karrio.example.com"), ("KARRIO_KEY", "short"), ("KARRIO_WEIGHT", "0"),
        ("MAIL_IN", "reply"), ("MAIL_IN", "reply..example.com"), ("MAIL_IN", "a b@example.com"), ("MAIL_IN", "a+b@example.com"),
        ("MAIL_IN", f"{'x' * 25}@example.com"), ("MAIL_IN_SECRET", "short"), ("MAIL_IN_SECRET", "sixteen letters é"),
        ("KARRIO_WEIGHT", "a ton"), ("KARRIO_WEIGHT", "NaN"),
        ("SMS_URL", "{phone}"), ("CARRIERS", "nowhere.toml"), ("PROT", "8000"), ("DATA_DIR", "/proc/nothing"),
    ],
)  # fmt: skip
def test_nonsense_names_its_variable(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=f"COMPTOIR_{name}"):
        read({"COMPTOIR_DATA_DIR": str(tmp_path), f"COMPTOIR_{name}": value})


def test_how_long_conversations_are_kept_is_set_kind_by_kind(tmp_path: Path) -> None:
    found = read({"COMPTOIR_DATA_DIR": str(tmp_path), "COMPTOIR_INBOX_KEPT": "question=365, offer=0"}).inbox_kept
    assert (found["question"], found["offer"], found["order"]) == (365, 0, 1_095)


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    found = read({"COMPTOIR_DATA_DIR": str(tmp_path)})
    assert found.port == 8000
    assert found.base_url == "http://localhost:8000"
    assert found.database_url == f"sqlite:///{tmp_path}/comptoir.db"
    assert found.locales == ("en", "fr")
    assert found.local
    assert found.worker
    assert found.withdrawal == "eu"
    assert not found.secure


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "http://[::1]:8000"), ("DATABASE_URL", "sqlite:////srv/comptoir.db"),
        ("DATABASE_URL", "postgresql://me:p%40ss@db.example.com:5432/orders"), ("DATABASE_URL", "postgresql:///orders"),
        ("SMTP_URL", "smtp+starttls://me:pass@mail.example.com:587"), ("MAIL_FROM", "orders@example.com"),
        ("MAIL_FROM", "Atelier Mo <orders@example.com>"), ("SECRET_KEY", "k" * 16),
        ("SMS_URL", "twilio://AC1:token@+15551234567/{phone}"), ("SMS_URL", "jsons://gateway.example/{phone}?method=PUT"),
    ],
)  # fmt: skip
def test_what_makes_sense_is_taken_as_it_is(tmp_path: Path, name: str, value: str) -> None:
    found = read({"COMPTOIR_DATA_DIR": str(tmp_path), f"COMPTOIR_{name}": value})
    assert getattr(found, name.lower()) == value


def test_a_secret_that_is_too_short_is_not_told(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as caught:
        read({"COMPTOIR_DATA_DIR": str(tmp_path), "COMPTOIR_SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(caught.value)


def test_a_gateways_password_is_not_told(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as caught:
        read({"COMPTOIR_DATA_DIR": str(tmp_path), "COMPTOIR_SMS_URL": "twilio://AC1:hunter2@+15551234567/"})
    assert "hunter2" not in str(caught.value)


def test_a_key_for_refunds_is_not_told(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as caught:
        read({"COMPTOIR_DATA_DIR": str(tmp_path), "COMPTOIR_STRIPE_KEY": "pk_live_hunter2"})
    assert "hunter2" not in str(caught.value)


def test_merchants_have_keys_of_their_own(tmp_path: Path) -> None:
    found = read({"COMPTOIR_DATA_DIR": str(tmp_path), "COMPTOIR_STRIPE_KEY": "sk_test_all, mo=rk_live_1"})
    assert found.stripe_key == (("", "sk_test_all"), ("mo", "rk_live_1"))
    assert found.stripe_url == "https://api.stripe.com"
    assert read({"COMPTOIR_DATA_DIR": str(tmp_path), "COMPTOIR_STRIPE_SECRET": "whsec_a="}).stripe_secret == (("", "whsec_a="),)


def test_a_karrio_server_may_be_in_ones_own_network(tmp_path: Path) -> None:
    given = {
        "COMPTOIR_DATA_DIR": str(tmp_path),
        "COMPTOIR_KARRIO_URL": "http://karrio:5002/",
        "COMPTOIR_KARRIO_KEY": "key_hunter2",
    }
    found = read(given | {"COMPTOIR_KARRIO_SERVICES": "colissimo_retour, dhl_retoure"})
    assert (found.karrio_url, found.karrio_key) == ("http://karrio:5002", (("", "key_hunter2"),))
    assert (found.karrio_weight, found.karrio_services) == (2.0, ("colissimo_retour", "dhl_retoure"))
    with pytest.raises(Misconfigured) as caught:
        read(given | {"COMPTOIR_KARRIO_URL": ""})
    assert "hunter2" not in str(caught.value)


def test_only_this_machine_may_say_for_whom_it_asks_unless_others_are_named(tmp_path: Path) -> None:
    place = {"COMPTOIR_DATA_DIR": str(tmp_path)}
    assert read(place).proxies == ("127.0.0.1",)
    assert read(place | {"COMPTOIR_PROXIES": "127.0.0.1, 10.0.0.0/8,fd00::/8"}).proxies == (
        "127.0.0.1",
        "10.0.0.0/8",
        "fd00::/8",
    )


def test_a_new_data_folder_is_its_owners_alone_and_an_old_one_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir(mode=0o750)
    for name, mode in (("new", 0o700), ("old", 0o750)):
        read({"COMPTOIR_DATA_DIR": str(tmp_path / name), "COMPTOIR_SECRET_KEY": "k" * 40})
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == mode


def test_the_secret_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    first, second = (read({"COMPTOIR_DATA_DIR": str(tmp_path)}).secret_key for _ in range(2))
    assert first == second
    assert len(first) > 40
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_public_address_is_neither_local_nor_without_https(tmp_path: Path) -> None:
    found = read({"COMPTOIR_DATA_DIR": str(tmp_path), "COMPTOIR_BASE_URL": "https://orders.example.com/"})
    assert (found.base_url, found.local, found.secure) == ("https://orders.example.com", False, True)


def test_carriers_are_sections_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "carriers.toml"
    place = {"COMPTOIR_DATA_DIR": str(tmp_path), "COMPTOIR_CARRIERS": str(file)}
    file.write_text('[ours]\nconnector = "ups"\nnames = ["UPS"]\ncredentials = { client_id = "an id" }\n')
    (carrier,) = read(place).carriers
    assert (carrier.name, carrier.connector, carrier.names, carrier.merchants) == ("ours", "ups", ("UPS",), ())
    for wrong in ('[ours]\nnames = ["UPS"]\n', '[ours]\nconnector = "ups"\ncarier = 1\n', "ours = 1\n", "[ours", "\xff"):
        file.write_text(wrong, "latin-1")
        with pytest.raises(Misconfigured, match="COMPTOIR_CARRIERS"):
            read(place)


def test_a_folder_of_icons_has_all_of_them_in_their_sizes(tmp_path: Path) -> None:
    given = {"COMPTOIR_DATA_DIR": str(tmp_path), "COMPTOIR_ICONS": str(tmp_path)}
    for name in NAMES:
        (tmp_path / name).write_bytes((STATIC / "icons" / name).read_bytes())
    assert read(given).icons == str(tmp_path)
    (tmp_path / "maskable-512.png").write_bytes((STATIC / "icons/push.png").read_bytes())
    with pytest.raises(Misconfigured, match=r"maskable-512\.png” is not a PNG picture of 512 × 512 pixels"):
        read(given)
