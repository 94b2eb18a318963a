"""Nonsense in the environment stops the start and names the variable."""

import stat
from pathlib import Path

import pytest

from app.settings import Misconfigured, read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"), ("PORT", "0"), ("PORT", "70000"), ("BASE_URL", "orders.example.com"), ("BASE_URL", "ftp://x"),
        ("BASE_URL", "https://x.example/shop"), ("DATABASE_URL", "mysql://x/y"), ("DATABASE_URL", "sqlite:///"),
        ("SMTP_URL", "mail.example.com"), ("SMTP_URL", "http://mail"), ("LOCALES", "en,klingonese"), ("LOCALES", ","),
        ("ACCENT", "blue"), ("LOGO", "nowhere.svg"), ("PROT", "8000"), ("DATA_DIR", "/proc/nothing"),
    ],
)  # fmt: skip
def test_nonsense_names_its_variable(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=f"COMPTOIR_{name}"):
        read({"COMPTOIR_DATA_DIR": str(tmp_path), f"COMPTOIR_{name}": value})


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    found = read({"COMPTOIR_DATA_DIR": str(tmp_path)})
    assert found.port == 8000
    assert found.base_url == "http://localhost:8000"
    assert found.database_url == f"sqlite:///{tmp_path}/comptoir.db"
    assert found.locales == ("en", "fr")
    assert found.local
    assert not found.secure


def test_the_secret_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    first, second = (read({"COMPTOIR_DATA_DIR": str(tmp_path)}).secret_key for _ in range(2))
    assert first == second
    assert len(first) > 40
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_public_address_is_neither_local_nor_without_https(tmp_path: Path) -> None:
    found = read({"COMPTOIR_DATA_DIR": str(tmp_path), "COMPTOIR_BASE_URL": "https://orders.example.com/"})
    assert (found.base_url, found.local, found.secure) == ("https://orders.example.com", False, True)
