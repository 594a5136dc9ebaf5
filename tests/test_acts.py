"""Whatever is ever recorded has words for who asks for their own data (GDPR art. 12 and 15)."""

import ast
from html import unescape

import pytest

from allies.audit import record
from allies.rights.acts import ACTS
from tests.test_structure import MODULES, name_of


def recorded_in(path):
    """The actions that a module records; the whole call where it is not a plain text."""
    for node in ast.walk(ast.parse(path.read_text())):
        name = isinstance(node, ast.Call) and getattr(node.func, "id", "")
        if name == "record":
            action = node.args[1]
            ends = [action.body, action.orelse] if isinstance(action, ast.IfExp) else [action]
            plain = [isinstance(e, ast.Constant) and isinstance(e.value, str) for e in ends]
            yield from [e.value for e in ends] if all(plain) else [ast.unparse(node)]


RECORDED = {action for path in MODULES for action in recorded_in(path)}


def test_every_act_that_is_recorded_has_words():
    assert RECORDED - ACTS.keys() == set()
    assert len(RECORDED) > 40


def test_words_are_only_for_what_is_recorded():
    assert ACTS.keys() - RECORDED == set()


def test_only_the_log_itself_writes_its_lines():
    """So that no act can come in by another door than the one that is looked at above."""
    doors = (".record(", "AuditLine(", "AuditLine.create(", "AuditLine.insert")
    writing = [
        name_of(p)
        for p in MODULES
        if any(d in p.read_text().replace("class AuditLine(", "") for d in doors)
    ]

    assert writing == ["audit"]


@pytest.mark.parametrize("locale", ["en", "nl"])
def test_nobody_reads_the_name_of_an_act_in_the_code(client_of, cast, member, locale):
    acts = ["account.passkey-added", "member.lost-phone", "member.revealed-often"]
    for action in acts:
        record(member("carla"), action, member("anna"))
    for persona in ("anna", "carla"):
        device = client_of(getattr(cast, persona))
        device.post("/language", {"locale": locale})
        page = device.post("/account/data")
        assert page.status_code == 200
        assert [action for action in ACTS if action in page.text] == []
        if locale == "en":
            shown = unescape(page.text)
            assert all(str(ACTS[action]) in shown for action in acts)
