"""A tracking number as it is compared: carriers print it in groups, shops copy it as they like."""


def key(number: str) -> str:
    """Upper case, letters and digits only; 80 characters at the most."""
    return "".join(sign for sign in number.upper() if sign.isalnum())[:80]
