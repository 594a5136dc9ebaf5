"""The page about yourself: the devices on which somebody is signed in."""

from datetime import timedelta

import pytest
import time_machine

from allies.accounts.models import SignIn
from allies.accounts.service import start_sign_in
from allies.db import now


@pytest.fixture
def shown_lines(client_of, cast):
    """shown_lines(7) signs Anna in on 7 devices, a minute apart, and reads it on the first."""

    def read(devices):
        SignIn.delete().where(SignIn.user == cast.anna.id).execute()
        first, start = client_of(cast.anna), now()
        for minute in range(1, devices):
            with time_machine.travel(start + timedelta(minutes=minute)):
                start_sign_in(cast.anna)
        page = first.get("/account").text
        section = page.split("/account/sign-out-everywhere")[0].rsplit("<ul>", 1)[1]
        return section.split("</ul>")

    return read


def test_each_sign_in_has_its_day_and_time_and_this_device_is_among_the_newest_five(shown_lines):
    lines, more = shown_lines(7)

    assert lines.count("<li>") == 5
    assert lines.count(" uur") == 5
    assert lines.index("(dit apparaat)") < lines.index("</li>")
    assert "2" in more


def test_five_sign_ins_are_all_of_them(shown_lines):
    lines, more = shown_lines(5)

    assert lines.count("<li>") == 5
    assert "<p>" not in more
