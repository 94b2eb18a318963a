"""What the account forms send, and what is shown of it again when it is refused.

All fields are texts that may be missing: what is wrong is said by the verbs, in words, at the field.
"""

import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from litestar import Request

from app.errors import Invalid, Refused
from app.i18n import _

OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x7e]{0,2000}")


@dataclass
class Email:
    email: str = ""
    next: str = ""


@dataclass
class Code:
    code: str = ""
    next: str = ""
    time_zone: str = ""


@dataclass
class Password:
    """`only_email` says that the form is still to be filled in: the address comes from the other one."""

    email: str = ""
    password: str = ""
    next: str = ""
    time_zone: str = ""
    only_email: str = ""


@dataclass
class Forgotten:
    """`only_email` as of `Password`."""

    email: str = ""
    only_email: str = ""


@dataclass
class Link:
    time_zone: str = ""


@dataclass
class SecondFactor:
    """`credential` is what a passkey has answered (JSON), `code` of an app or one of the recovery codes."""

    credential: str = ""
    code: str = ""
    trust: str = ""
    next: str = ""


@dataclass
class Passkey:
    credential: str = ""
    name: str = ""
    next: str = ""
    time_zone: str = ""


@dataclass
class OneCode:
    code: str = ""
    next: str = ""


@dataclass
class Pasted:
    text: str = ""


@dataclass
class Codes:
    codes: str = ""


@dataclass
class NewPassword:
    """`time_zone` comes from the page of a mailed link, which signs in."""

    new_password: str = ""
    time_zone: str = ""


@dataclass
class Ending:
    """`since` says of which session it was, should its number have been given away again."""

    since: str = ""


@dataclass
class Profile:
    """`zone` is what was chosen, `time_zone` what the browser says."""

    name: str = ""
    locale: str = ""
    zone: str = ""
    time_zone: str = ""


@dataclass
class Phrase:
    phrase: str = ""


@dataclass
class NewEmail:
    email: str = ""


@dataclass
class Phone:
    """`country` counts for a number that does not begin with one."""

    phone: str = ""
    country: str = ""


@dataclass
class Language:
    locale: str = ""
    back: str = ""


class Errors(dict[str, str]):
    """Field → message; a field without one has an empty text. Also by attribute: compiled templates look for nothing else."""

    def __missing__(self, field: str) -> str:
        return ""

    def __getattr__(self, field: str) -> str:
        if field.startswith("__"):  # `__html__` and the like are no fields
            raise AttributeError(field)
        return self[field]


def shown(error: Invalid | Refused | None = None, *, at: str = "form", **typed: Any) -> SimpleNamespace:
    """A form for a template. What was typed is given back in `typed`, never a code or a password.

    `at`: the field, or "form" for the whole of it, to which a refusal that is about no field belongs.
    """
    errors = Errors(error.fields) if isinstance(error, Invalid) else Errors()
    if isinstance(error, Refused):
        errors[at] = error.message
    return SimpleNamespace(**typed, errors=errors)


async def sent(request: Request) -> list[tuple[str, str]]:
    """(name, text) of whatever form was sent, without its files, for who does not know its fields.

    Raises Refused (400) where it is in a charset that there is not, or not in the one it names.
    """
    try:
        form = await request.form()
        await form.close()
        found = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        "".join(name + value for name, value in found).encode()  # some charsets make texts that no page can hold
    except (LookupError, ValueError) as error:
        raise Refused(_("Something in what was sent is not as expected."), status=400) from error
    return found


def own_path(text: str) -> str:
    """A path of ours that somebody may be sent on to, else an empty text: never another host's address."""
    return text if OWN_PATH.fullmatch(text) else ""
