"""How a command ends when it cannot go on."""

WRONG = 2  # what was asked for makes no sense: nothing was done


class Stop(Exception):
    """The message is for the operator. `status` is the exit code: 1 it did not work, 2 it was asked wrongly."""

    def __init__(self, message: str, status: int = WRONG) -> None:
        super().__init__(message)
        self.status = status
