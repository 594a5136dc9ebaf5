"""Measure the check against sentences with a label."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from allies.textcheck import Kind, check

INNOCENT = "innocent"


def read_sentences(path: Path) -> list[tuple[str, str]]:
    """Give label and sentence of every line; the label is a kind or "innocent".

    Raises ValueError with the line number when a line is anything else.
    """
    rows = []
    labels = {INNOCENT, *(kind.value for kind in Kind)}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#") or line == "label\tsentence":
            continue
        label, separator, sentence = line.partition("\t")
        if label not in labels or not separator or not sentence.strip():
            raise ValueError(f"line {number} is not a label, a tab and a sentence")
        rows.append((label, sentence))
    return rows


@dataclass
class Score:
    """How many sentences of each label were found, and which went wrong."""

    total: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Give the share of sentences with an identifier in which that kind was found."""
        asked = sum(count for label, count in self.total.items() if label != INNOCENT)
        hits = sum(count for label, count in self.found.items() if label != INNOCENT)
        return hits / asked if asked else 1.0

    @property
    def false_stops(self) -> float:
        """Give the share of innocent sentences in which anything was found."""
        asked = self.total[INNOCENT]
        return self.found[INNOCENT] / asked if asked else 0.0

    def table(self) -> str:
        """Give the table for people: recall per kind, false stops, and what went wrong."""
        lines = [f"{'kind':<10} {'sentences':>9} {'found':>6} {'share':>6}"]
        for label in [*(kind.value for kind in Kind), INNOCENT]:
            asked, hits = self.total[label], self.found[label]
            share = f"{hits / asked:.3f}" if asked else "-"
            lines.append(f"{label:<10} {asked:>9} {hits:>6} {share:>6}")
        lines.append(f"recall {self.recall:.3f}, false stops {self.false_stops:.3f}")
        lines += [f"{label}: {sentence} -> {seen}" for label, sentence, seen in self.wrong]
        return "\n".join(lines)


def score(rows: list[tuple[str, str]]) -> Score:
    """Check every sentence; an identifier counts as found when its own kind is reported."""
    result = Score()
    for label, sentence in rows:
        findings = check(sentence)
        hit = bool(findings) if label == INNOCENT else any(f.kind == label for f in findings)
        result.total[label] += 1
        result.found[label] += hit
        if hit == (label == INNOCENT):
            seen = ", ".join(f"{finding.kind} {finding.word!r}" for finding in findings)
            result.wrong.append((label, sentence, seen or "nothing"))
    return result
