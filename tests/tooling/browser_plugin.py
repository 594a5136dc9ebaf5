"""Browser tests run in the system's Chromium; whatever could not run is named and counted.

A test that asks for a page is a browser test, marked or not. Without Chromium it is skipped,
and on a build server (CI=true) it fails.
"""

import os
import re
from collections import Counter

import pytest

from tests.tooling.browser import SWITCHES, find_chromium

MISSING = "Chromium is missing"
FIXTURES = {"page", "context", "browser", "new_context"}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": find_chromium(), "args": SWITCHES}


def pytest_itemcollected(item):
    if FIXTURES.intersection(getattr(item, "fixturenames", ())):
        item.add_marker("browser")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    if item.get_closest_marker("browser") and not find_chromium():
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(f"browser: {MISSING}")


def pytest_terminal_summary(terminalreporter):
    for line in not_run(terminalreporter.stats.get("skipped", ())):
        terminalreporter.write_line(line, yellow=True)


def not_run(reports):
    """One line for each reason to skip: how many tests, and why."""
    reasons = Counter(re.sub(r"^Skipped: ", "", report.longrepr[2]) for report in reports)
    for reason, count in sorted(reasons.items()):
        kind, _, why = reason.rpartition("browser: ")
        tests = "browser test" if _ and not kind else "test"
        yield f"not run: {count} {tests}{'s' if count > 1 else ''} ({why})"
