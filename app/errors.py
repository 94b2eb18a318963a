"""The only errors a verb raises; `web/errors.py` turns them into a page or a problem document."""


class Invalid(Exception):
    """What was sent cannot be taken: `fields` maps a field's name (or JSON pointer) to a message for the person.

    `status` and `retry_after` as of `Refused`: a door answers both alike.
    """

    status = 422
    retry_after = 0

    def __init__(self, message: str = "", **fields: str) -> None:
        super().__init__(message or "; ".join(fields.values()))
        self.message = message
        self.fields = fields

    @classmethod
    def at(cls, fields: dict[str, str], message: str = "") -> "Invalid":
        """The same for names that are no Python identifiers, such as JSON pointers."""
        error = cls(message or "; ".join(fields.values()))
        error.fields = fields
        return error


class ProofWanted(Exception):
    """Somebody who is signed in has to show once more who they are; `proof` is what the page shows that asks for it.

    `factor`: only a second factor will do.
    """

    def __init__(self, proof: object, *, factor: bool = False) -> None:
        super().__init__("a fresh proof is wanted")
        self.proof = proof
        self.factor = factor


class FactorMissing(Exception):
    """Somebody who is signed in has no second factor to show where only that one will do; `back` is where they wanted to go."""

    def __init__(self, back: str) -> None:
        super().__init__("a second factor is wanted")
        self.back = back


class Missing(Exception):
    """No such record for this person: a stranger's record and one that never existed are the same."""


class Refused(Exception):
    """The request is well formed but cannot be done now. `status` is the HTTP status a door answers with; `title` heads a
    page that says nothing else, where the usual one of that status would say something wrong."""

    def __init__(self, message: str, *, status: int = 409, retry_after: int = 0, title: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.title = title
        self.status = status
        self.retry_after = retry_after
