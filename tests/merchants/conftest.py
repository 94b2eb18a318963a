"""Laptops at the door, as the accounts' tests have them."""

from tests.accounts.conftest import laptop, laptops, statements  # noqa: F401 - fixtures
