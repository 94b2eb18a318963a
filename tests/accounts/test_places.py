"""Where a network is, by a file that the real reader reads; nothing where nothing is known."""

from pathlib import Path

import msgspec
import pytest

from app.accounts import places
from app.accounts.throttle import network
from app.i18n import Voice
from app.setting_values import Misconfigured
from app.settings import read, settings
from tests.accounts.places_file import COLOGNE, LYON, SOMEWHERE_IN_JAPAN, written

pytestmark = pytest.mark.without_database

NETWORKS = {
    "203.0.113.0/24": LYON, "198.51.100.0/25": COLOGNE, "192.0.2.128/25": SOMEWHERE_IN_JAPAN, "2001:db8:7::/48": LYON,
    "192.0.2.16/28": {"city": {"names": {"en": "Nowhere"}}}, "192.0.2.32/28": {"city": "Lyon", "country": ["FR"]},
    "192.0.2.48/28": {"city": {"names": {"en": "Bern"}}, "country": {"iso_code": "CH", "names": {"en": "Switzerland"}}},
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = written(tmp_path / "places.mmdb", NETWORKS)
    monkeypatch.setattr(places, "settings", msgspec.structs.replace(settings, places=str(path)))
    return path


@pytest.mark.parametrize(
    ("host", "locale", "place"),
    [
        ("203.0.113.77", "en", "Lyon, France"), ("203.0.113.77", "fr", "Lyon, France"),
        ("198.51.100.1", "en", "Cologne, Germany"), ("198.51.100.1", "fr", "Cologne, Allemagne"),
        ("192.0.2.200", "en", "Japan"), ("192.0.2.200", "fr", "Japon"),
        ("192.0.2.50", "fr", "Bern, Suisse"), ("192.0.2.50", "en", "Bern, Switzerland"),
        ("2001:db8:7:1:2:3:4:5", "en", "Lyon, France"), ("::ffff:203.0.113.9", "fr", "Lyon, France"),
    ],
)  # fmt: skip
def test_a_place_is_said_in_the_persons_language(file: Path, host: str, locale: str, place: str) -> None:
    assert places.of(network(host), Voice(locale)) == place


@pytest.mark.parametrize(
    "host", ["198.51.100.200", "10.0.0.1", "::1", "2001:db8:8::1", "", "testclient", "192.0.2.17", "192.0.2.33", "fe80::1%eth0"]
)  # fmt: skip
def test_what_is_not_known_is_not_guessed(file: Path, host: str) -> None:
    assert places.of(network(host), Voice("en")) == ""


def test_without_a_file_there_are_no_places() -> None:
    assert settings.places == ""
    assert places.of("203.0.113.77", Voice("en")) == ""


def test_a_file_that_went_bad_while_serving_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "gone.mmdb"
    monkeypatch.setattr(places, "settings", msgspec.structs.replace(settings, places=str(path)))
    assert places.of("203.0.113.1", Voice("en")) == ""
    path.write_bytes(b"half of a download")
    assert places.of("203.0.113.2", Voice("en")) == ""


@pytest.mark.parametrize("kind", ["GeoLite2-City", "GeoIP2-Country", "DBIP-City-Lite", "GeoIP2-Enterprise"])
def test_the_start_takes_a_file_of_places(tmp_path: Path, kind: str) -> None:
    path = str(written(tmp_path / "places.mmdb", NETWORKS, kind))
    assert read({"COMPTOIR_DATA_DIR": str(tmp_path), "COMPTOIR_PLACES": path}).places == path


def test_the_start_stops_at_a_file_that_knows_no_places(tmp_path: Path) -> None:
    (tmp_path / "text.mmdb").write_text("GeoLite2-City database_type")
    written(tmp_path / "asn.mmdb", {"203.0.113.0/24": LYON}, "GeoLite2-ASN", description={"en": "not of any City"})
    (tmp_path / "half.mmdb").write_bytes((tmp_path / "asn.mmdb").read_bytes()[:200])
    for name in ("nowhere.mmdb", "text.mmdb", "asn.mmdb", "half.mmdb", ""):
        with pytest.raises(Misconfigured, match="COMPTOIR_PLACES"):
            read({"COMPTOIR_DATA_DIR": str(tmp_path), "COMPTOIR_PLACES": str(tmp_path / name)})
