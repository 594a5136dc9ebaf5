"""What can go wrong that a person must be told about."""


def kind_and_place(error):
    """What a log may say of an error. Not its text: that may quote what somebody typed."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"


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
