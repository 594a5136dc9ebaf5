"""No log, and no last words of a program, say anything about anybody (TRUST T16, T41)."""

import logging
import sys

import pytest

from allies import logs
from allies.alliances.aliases import words
from allies.crypto import token
from allies.invitations.codes import new_code

SECRETS = [
    "anna@example.org",
    "Zoë.de-Vries+x@mail.example.co.uk",
    "+31612345678",
    "+31 6 1234 5678",
    "0612345678",
    "06-12 34 56 78",
    "0118 123 456",
    "0031612345678",
    "Scholekster",
    "scholekster",
    "/n/" + "-" * 22,
    "/n/AbCdEfGhIjKlMnOpQrStUv",
    "/n/1",
    "/c/" + "-" * 22,
    "/c/AbCdEfGhIjKlMnOpQrStUv",
    "K7QM-2XVP-9ABC-DEFG",
    "K7QM2XVP9ABCDEFG",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("around", ["{}", "x '{}' y", "({}), and", "GET {} 200", "<{}>"])
def test_what_looks_like_a_secret_is_left_out(secret, around):
    kept = secret.removeprefix("/n/").removeprefix("/c/")
    cleaned = logs.Cleaner().clean(around.format(secret))

    assert logs.LEFT_OUT in cleaned
    assert kept not in cleaned.replace(logs.LEFT_OUT, "")


def test_every_alias_code_and_token_is_left_out():
    cleaner = logs.Cleaner()
    secrets = [*words(), *(new_code() for _ in range(200))]
    secrets += [f"/{kind}/{token()}" for kind in "nc" for _ in range(200)]

    cleaned = {cleaner.clean(f"not {secret}.") for secret in secrets}

    assert cleaned <= {"not ***.", "not /n/***", "not /c/***"}


@pytest.mark.parametrize(
    "line",
    [
        "IntegrityError at /srv/allies/allies/meetings/service.py:112 in meetings.answer",
        "Mail can't be sent now: ConnectionRefusedError",
        "[2026-11-23 19:33:42 +0000] [12345] [ERROR] Worker (pid:98765) was sent SIGKILL!",
        "Listening at: http://127.0.0.1:8000 (12345)",
        "GET /meetings/AbCdEfGhIjKlMnOp 200",
        "The database is locked?",
    ],
)
def test_what_helps_to_find_a_fault_stays(line):
    assert logs.Cleaner().clean(line) == line


def test_a_query_string_is_left_out():
    assert logs.Cleaner().clean("GET /advice?seen=12&q=Anna 200") == "GET /advice*** 200"


@pytest.fixture
def record():
    return logs.Records(logging.LogRecord)


def made(record, message, *args, exc_info=None):
    return record("x", logging.ERROR, "x.py", 1, message, args, exc_info)


def test_an_error_in_a_log_is_told_without_its_text(record):
    try:
        raise ValueError("Anna Adriaanse, anna@example.org")
    except ValueError:
        found = made(record, "It failed for %s", "anna@example.org", exc_info=sys.exc_info())
    said = logging.Formatter().format(found)

    assert said.startswith("It failed for *** (ValueError at ")
    assert "Anna" not in said
    assert "\n" not in said


def test_a_line_whose_values_do_not_fit_is_still_a_line(record):
    said = logging.Formatter().format(made(record, "%d of %d", "anna@example.org"))

    assert said == "%d of %d"


def test_to_begin_twice_is_to_begin_once(monkeypatch):
    for name in ("excepthook", "unraisablehook"):
        monkeypatch.setattr(sys, name, getattr(sys, name))
    monkeypatch.setattr(logs.threading, "excepthook", logs.threading.excepthook)
    before = logging.getLogRecordFactory()
    try:
        logs.init()
        first = logging.getLogRecordFactory()
        logs.init()
        assert logging.getLogRecordFactory() is first
        assert first.make is before
    finally:
        logging.setLogRecordFactory(before)
