"""Phone numbers as people write them, and the one way in which we keep them."""

import phonenumbers

HERE = "NL"  # a number without a country is one of the Netherlands


def e164(typed):
    """A number as we keep it, like +31612345678. Raises ValueError when nobody can be phoned so."""
    try:
        number = phonenumbers.parse(typed, HERE)
    except phonenumbers.NumberParseException:
        raise ValueError("not a phone number") from None
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise ValueError("not a phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def readable(number):
    """A number as we keep it with spaces, as people read it; "" for none."""
    if not number:
        return ""
    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
