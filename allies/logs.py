"""What a log may say (TRUST T16, T41): what went wrong and where, never about whom.

Errors come without their text, for that may quote what somebody typed, and every
line comes without addresses, numbers, codes, links and aliases. This is done where
a line begins to exist, so it holds for every log of the process wherever it is
written, also for those of the packages we use.
"""

import logging
import re
import sys
import threading
from pathlib import Path

from allies.errors import kind_and_place

ALIASES = Path(__file__).with_name("alliances") / "aliases.txt"
LEFT_OUT = "***"
SECRETS = (
    r"(?<=/[cn]/)[^\s\"'?]+",  # the link in a message, the address of a calendar
    r"(?<=\S)\?[^\s\"']+",  # a query string
    r"[^\s<>\"'(),;:=/]+@[^\s<>\"'(),;:/]+",  # an e-mail address
    r"(?<![\w.])(?:\+|00|0|31)(?:[ ()./-]{0,2}\d){8,14}(?!\w)",  # a telephone number
    r"\b[0-9A-Za-z]{4}(?:-[0-9A-Za-z]{4}){3}\b",  # the code of an invitation, as printed
    r"\b(?=[A-Z]*\d)[0-9A-Z]{16}\b",  # and without dashes
    r"(?<![\w-])(?=[A-Za-z_-]*\d)[\w-]{22,}",  # a token, a key, a digest
)


class Cleaner:
    """Takes out of a text whatever has the shape of something secret."""

    def __init__(self):
        aliases = "|".join(map(re.escape, ALIASES.read_text(encoding="utf-8").split()))
        self.secret = re.compile("|".join((*SECRETS, rf"(?i:\b(?:{aliases})\b)")))

    def clean(self, text):
        return self.secret.sub(LEFT_OUT, text)


class Records:
    """Makes log records that are discreet from the start."""

    def __init__(self, make):
        self.make, self.cleaner = make, Cleaner()

    def __call__(self, *args, **kwargs):
        record = self.make(*args, **kwargs)
        try:
            text = record.getMessage()
        except (TypeError, ValueError, KeyError):  # arguments that do not fit their text
            text = str(record.msg)
        text = self.cleaner.clean(text)
        error = record.exc_info[1] if record.exc_info else None
        record.msg = f"{text} ({kind_and_place(error)})" if error else text
        record.args, record.exc_info, record.stack_info = (), None, None
        return record


def init():
    """From here on everything this process logs, or dies of, is discreet; twice is as once."""
    make = logging.getLogRecordFactory()
    if not isinstance(make, Records):
        logging.setLogRecordFactory(Records(make))
    sys.excepthook = lambda kind, error, trace: last_words(error)
    sys.unraisablehook = lambda failed: last_words(failed.exc_value)
    threading.excepthook = lambda failed: last_words(failed.exc_value)


def last_words(error):
    """One line about an error nobody caught."""
    print(kind_and_place(error) if error else "An error nobody caught.", file=sys.stderr)
