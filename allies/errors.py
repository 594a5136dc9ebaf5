"""What can go wrong that a person must be told about."""

from pathlib import Path
from traceback import walk_tb

OURS = str(Path(__file__).parent)


def kind_and_place(error):
    """What a log may say of an error: where it left our code, and not its text.

    That may quote what somebody typed.
    """
    frames = [(f.f_code.co_filename, line) for f, line in walk_tb(error.__traceback__)]
    ours = [frame for frame in frames if frame[0].startswith(OURS)]
    file, line = (ours or frames or [("?", 0)])[-1]
    return f"{type(error).__name__} at {file}:{line}"


class ConfigError(Exception):
    """A setting is missing or unsafe, so the start is refused. One line for the operator."""


class DomainError(Exception):
    """Too late, or already done. Its text is for the person who pressed; the answer is 409."""


class TooMany(Exception):
    """Too many tries or requests. `retry_after` is in seconds; the answer is 429."""

    def __init__(self, retry_after):
        super().__init__(retry_after)
        self.retry_after = retry_after


class Refused(Exception):
    """What was sent breaks a rule only the service can check. `field` names the field to mend."""

    def __init__(self, field, text):
        super().__init__(text)
        self.field, self.text = field, text
