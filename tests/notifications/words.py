"""What no message, title or manifest may say: whoever looks over a shoulder learns nothing."""

FORBIDDEN = (
    "bondgeno", "allian", "allies", "ally", "politie", "police", "gemeente", "municipal",
    "wijkagent", "burgemeester", "mayor", "onrust", "unrest", "informant", "advies", "advice",
    "thema", "topic", "bijeenkomst", "meeting", "vergadering", "afspraak", "terugkoppeling",
    "outcome", "ronde", "locatie", "venue", "veiligheid", "vertrouwelijk", "confidential",
    "middelburg", "veere", "vlissingen", "walcheren", "zeeland",
)  # fmt: skip


def forbidden_in(text):
    """The listed words that occur in this text."""
    return [word for word in FORBIDDEN if word in text.lower()]
