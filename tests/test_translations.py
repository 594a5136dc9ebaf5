"""Dutch is complete: every text of the interface has its translation, and no others."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
KEYWORDS = {"_": None, "_l": None, "N_": None, "gettext": None, "_n": (1, 2), "ngettext": (1, 2)}
METHODS = [("allies/**.py", "python"), ("templates/**.html", "jinja2")]
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def sources():
    found = extract_from_dir(ROOT, METHODS, keywords=KEYWORDS)
    return {message for _file, _line, message, _comments, _context in found}


@pytest.fixture(scope="module")
def dutch():
    file = ROOT / "allies/translations/nl/LC_MESSAGES/messages.po"
    with file.open("rb") as stream:
        return [m for m in read_po(stream, locale="nl") if m.id]


def test_every_text_has_a_dutch_one_and_no_dutch_one_is_left_over(sources, dutch):
    assert {m.id for m in dutch} == sources


def test_no_translation_is_empty_or_unsure(dutch):
    for message in dutch:
        strings = message.string if message.pluralizable else (message.string,)
        assert all(strings), message.id
        assert not message.fuzzy, message.id


def test_placeholders_are_the_same_on_both_sides(dutch):
    for message in dutch:
        ids = message.id if message.pluralizable else (message.id,)
        strings = message.string if message.pluralizable else (message.string,)
        wanted = {name for text in ids for name in PLACEHOLDER.findall(text)}
        for text in strings:
            assert set(PLACEHOLDER.findall(text)) <= wanted, message.id
        assert {n for t in strings for n in PLACEHOLDER.findall(t)} == wanted, message.id


def test_people_are_addressed_formally(dutch):
    informal = re.compile(r"\b(je|jij|jouw|jullie|jou)\b", re.IGNORECASE)
    for message in dutch:
        strings = message.string if message.pluralizable else (message.string,)
        assert not any(informal.search(text) for text in strings), message.string
