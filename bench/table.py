"""What was measured, as rows of a table."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Row:
    """One measurement beside its goal; without a goal it is there to be compared with later."""

    what: str
    value: float | None  # None: could not be measured; `note` says why
    unit: str = ""
    goal: float | None = None
    better: Literal["more", "less"] = "less"
    note: str = ""

    @property
    def is_missed(self) -> bool:
        if self.value is None or self.goal is None:
            return False
        return self.value > self.goal if self.better == "less" else self.value < self.goal

    @property
    def cells(self) -> tuple[str, str, str, str]:
        sign = "<=" if self.better == "less" else ">="
        goal = "" if self.goal is None else f"{sign} {number(self.goal)}"
        measured = "not measured" if self.value is None else f"{number(self.value)} {self.unit}"
        verdict = "**missed**" if self.is_missed else ""
        return self.what, measured.strip(), goal, " ".join(filter(None, (verdict, self.note)))


def number(value: float) -> str:
    """Whole bytes and rates in full, ratios and seconds to three digits."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def markdown(title: str, rows: list[Row]) -> str:
    """A table that reads as well in a terminal as in a browser."""
    lines = [(title, "measured", "goal", "beside it"), *(row.cells for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(4)]
    rule = "|".join(["", *("-" * (width + 2) for width in widths), ""])
    padded = [" | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in lines]
    return "\n".join([f"| {padded[0]} |", rule, *(f"| {line} |" for line in padded[1:])])
