"""Promises that hold for any text at all."""

import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allies.textcheck import check
from allies.textcheck.fold import fold

PIECES = st.sampled_from(
    ["06", "0118", "12", "-", " ", ".", "@", "a", "Van de ", "Jan ", "dhr. ", "Kerkstraat ", "4381",
     "AB", "NL91ABNA", "0417164300", "om 23.15 uur ", "gisteren ", "zaterdag ", "www.", "nl", "\n",
     "\u200b", "\uff11", "\ufdfa", "\u00bd", "kenteken ", "insta: ", "bsn ", "J.", "'t ",
     "Plein 1940 "]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join))
ANY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@ANY
@given(TEXTS)
def test_findings_are_sorted_apart_and_quote_the_text(text):
    end = 0
    for finding in check(text):
        assert end <= finding.start < finding.end <= len(text)
        assert finding.word == text[finding.start : finding.end]
        end = finding.end


@ANY
@given(TEXTS)
def test_the_same_text_gives_the_same_findings(text):
    assert check(text) == check(text)


@ANY
@given(st.text(max_size=300))
def test_folding_a_folded_text_changes_nothing(text):
    once = fold(text).text
    assert fold(once).text == once


@ANY
@given(st.text(max_size=200))
def test_every_folded_character_knows_its_place(text):
    folded = fold(text)
    assert len(folded.places) == len(folded.text)
    assert folded.places == sorted(folded.places)
    assert all(0 <= place < len(text) for place in folded.places)


def steps(text):
    """Count the calls Python makes while checking; a clock would depend on the machine."""
    count = 0

    def tick(_frame, _event, _argument):
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        check(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "piece",
    ["0", "a@", "Van de ", "A. ", "NL00", "Markt 1 ", "kenteken 12 ", "1 2-", "zaterdag om 3:15 ",
     "straat", "a-", "Jan ", "insta naam is ", "at a punt nl ", "(0", "besluit AB-123-C ",
     "Plein 1940 "],
)  # fmt: skip
def test_twice_the_text_takes_at_most_a_little_over_twice_the_steps(piece):
    check(piece)
    short = piece * (1000 // len(piece))
    assert steps(short * 2) <= 2.6 * steps(short) + 2000


@pytest.mark.parametrize("piece", ["0", "a@", "Van de ", "a.", "-", " ", "(", "@", "A1", "e\u0301"])
def test_long_hostile_text_is_checked_to_the_end(piece):
    text = piece * (20000 // len(piece))
    assert all(finding.end <= len(text) for finding in check(text))
