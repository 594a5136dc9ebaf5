"""What a name and an e-mail address may be."""

import re

# What browsers take for an address, with a dot in the domain and no loose dots (RFC 5322 dot-atom):
# anything else can be typed, but no message to it can be made.
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){ATOM}(?:\.{ATOM})*@{LABEL}(?:\.{LABEL})+\Z")
LONGEST_NAME = 75  # code points of at most 4 bytes: they fit a sealed field
