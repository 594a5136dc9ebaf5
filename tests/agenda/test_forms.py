"""Minutes are whole numbers from 1 to 240 in plain digits, and nothing else is."""

from hypothesis import given
from hypothesis import strategies as st

from allies.agenda.forms import minutes_in

NUMBERS = st.integers(-(10**30), 10**30)
DIGITS = st.text(st.characters(categories=("Nd", "Nl", "No", "Sm", "Zs", "Pd", "Pc")), max_size=30)


@given(st.integers(1, 240), st.sampled_from(("", " ", "  ")))
def test_every_length_is_read(minutes, space):
    assert minutes_in(f"{space}{minutes}{space}") == minutes


@given(NUMBERS.filter(lambda number: not 1 <= number <= 240), st.integers(0, 20))
def test_no_other_number_is_a_length(number, zeros):
    assert minutes_in(str(number)) is None
    assert minutes_in("0" * zeros + str(number)) is None


@given(st.text() | DIGITS | st.text("0123456789+-_. \u0663\u00b2", max_size=25))
def test_whatever_is_typed_is_a_length_or_nothing(typed):
    read = minutes_in(typed)

    assert read is None or 1 <= read <= 240
    if read is not None:
        assert typed.strip().isascii()
        assert typed.strip().lstrip("0") == str(read)
