"""Find words in a text that point at a person, so that the writer can leave them out.

The check knows Dutch as residents of Walcheren write it. It keeps nothing, logs nothing and
asks nobody: the text stays in this process.
"""

from itertools import chain

from allies.textcheck.addresses import find_addresses
from allies.textcheck.fold import fold
from allies.textcheck.kinds import ADVICE, DIRECT, LABEL, Finding, Kind, Span
from allies.textcheck.moments import find_moments
from allies.textcheck.names import find_names
from allies.textcheck.numbers import find_bsns, find_ibans, find_phones
from allies.textcheck.online import find_emails, find_handles, find_urls
from allies.textcheck.plates import find_plates
from allies.textcheck.postcodes import find_postcodes

__all__ = ["ADVICE", "DIRECT", "LABEL", "Finding", "Kind", "check"]

# Where two candidates are equally long, the first in this row wins. To the finders of the first
# row "_" belongs to a word, to the others it is a space.
_AS_WRITTEN = (find_emails, find_handles, find_urls)
_FINDERS = (
    find_ibans,
    find_bsns,
    find_phones,
    find_postcodes,
    find_plates,
    find_addresses,
    find_names,
    find_moments,
)


def _settle(spans: list[Span], size: int) -> list[Span]:
    """Keep the longest of candidates that overlap."""
    taken = bytearray(size)
    kept = []
    for span in sorted(spans, key=lambda span: span.start - span.end):
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\x01" * (span.end - span.start)
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def check(text: str) -> list[Finding]:
    """Give the words that can point at a person: sorted, without overlap, never an error."""
    folded = fold(text)
    spaced = folded.text.replace("_", " ")
    found = chain(
        *(find(folded.text) for find in _AS_WRITTEN), *(find(spaced) for find in _FINDERS)
    )
    candidates = [
        Span(span.kind, *folded.original(span.start, span.end))
        for span in found
        if span.end > span.start
    ]
    return [
        Finding(span.kind, span.start, span.end, text[span.start : span.end])
        for span in _settle(candidates, len(text))
    ]
