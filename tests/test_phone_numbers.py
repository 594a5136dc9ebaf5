"""However a number is written, it is kept in one way; what can't be phoned is refused."""

import pytest

from allies.phone_numbers import e164


@pytest.mark.parametrize(
    "typed",
    ["0612345678", "06-12345678", "06 12 34 56 78", "+31 6 12345678", "0031612345678",
     "(06) 1234 5678", "+31 (0)6 12345678", "06.12.34.56.78"],
)  # fmt: skip
def test_a_mobile_number_is_kept_in_one_way(typed):
    assert e164(typed) == "+31612345678"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("0118 123 456", "+31118123456"), ("+32 470 12 34 56", "+32470123456")],
)
def test_a_number_at_home_or_across_the_border_will_do(typed, kept):
    assert e164(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "06", "061234567", "06123456789012", "112", "anna", "0612345678 ext. 12", "+999 12345678",
     "06 1234 5678, 06 8765 4321", "<b>"],
)  # fmt: skip
def test_what_can_not_be_phoned_is_refused(typed):
    with pytest.raises(ValueError, match="not a phone number"):
        e164(typed)
