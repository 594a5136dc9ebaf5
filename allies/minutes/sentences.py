"""Cutting a text into sentences that somebody can point at."""

import re

TEXTS = ("heard", "advice")
# An end, with the quote or bracket that closes there. Possessive: many dots cost no more time.
ENDS = re.compile(r"""(?<![.!?…])[.!?…]++["'”’»)\]]*+(?=\s)""")
INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")  # "d.w.z", or one letter
ABBREVIATIONS = {
    "afd", "alg", "art", "bijv", "bv", "ca", "dhr", "dr", "drs", "enz", "etc", "evt", "excl",
    "gem", "incl", "ing", "ir", "jl", "max", "mevr", "min", "mr", "mw", "nl", "nr", "nrs", "pag",
    "blz", "plm", "prof", "resp", "st", "tel", "vgl", "vlg", "zgn",
}  # fmt: skip


def sentences(text):
    """The sentences of a text in order. Nothing but white space is lost between them."""
    return [found for line in text.splitlines() for found in in_line(line)]


def in_line(line):
    start, found = 0, []
    for end in ENDS.finditer(line):
        if is_end(line[start : end.start()], end[0], line[end.end() :].lstrip()):
            found.append(line[start : end.end()])
            start = end.end()
    return [piece.strip() for piece in (*found, line[start:]) if piece.strip()]


def is_end(before, mark, after):
    """Does a sentence end here, and not an abbreviation, the number of a list or a quote?"""
    if mark[0] != "." or mark.startswith(".."):
        return not after[:1].islower()
    words = before.split()
    word = words[-1].lstrip("(\"'“‘«[") if words else ""
    is_number = word.isdigit() and len(words) == 1
    return not (is_number or word.lower() in ABBREVIATIONS or INITIALS.fullmatch(word))


def sentences_of(part):
    """{key: sentence} of everything that was written in a part of the minutes."""
    return {
        f"{name}-{number}": sentence
        for name in TEXTS
        for number, sentence in enumerate(sentences(getattr(part, name)))
    }
