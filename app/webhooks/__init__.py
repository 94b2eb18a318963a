"""Events on their way to the merchants' own systems: signed, whole, tried again for days (Standard Webhooks 1.0)."""
