import pytest

from app.accounts.email_address import normal
from app.errors import Invalid

pytestmark = pytest.mark.without_database


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("alice@example.com", "alice@example.com"),
        ("  Alice@Example.COM\n", "alice@example.com"),
        ("a.b+shop@mail.example.co.uk", "a.b+shop@mail.example.co.uk"),
        ("ops@localhost", "ops@localhost"),
        ("alice@bücher.example", "alice@xn--bcher-kva.example"),
        ("alice@XN--BCHER-KVA.example", "alice@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_written_in_one_way(typed, kept):
    assert normal(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "@", "alice", "alice@", "@example.com", "alice@example.com, bob@example.com", "a@b@example.com",
        "alice @example.com", "alice@exa mple.com", "alice@example..com", "alice@-example.com", "alice@example.com.",
        "alice@example.com\nBcc: bob@example.com", "alice\x00@example.com", "alice@example.com\x00", '"a b"@example.com',
        "alice,bob@example.com", "<alice@example.com>", f"{'a' * 65}@example.com", f"alice@{'a' * 64}.com",
        f"alice@{'a.' * 200}com", "a" * 100_000,
        f"alice@example.com{' ' * 640}, bob@example.com",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_at_its_field(typed):
    with pytest.raises(Invalid) as caught:
        normal(typed)
    assert list(caught.value.fields) == ["email"]
