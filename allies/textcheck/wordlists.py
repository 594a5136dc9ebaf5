"""The word lists beside this module, read once."""

from functools import cache
from pathlib import Path

from allies.textcheck.fold import fold

_FOLDER = Path(__file__).parent / "words"


def _lines(name: str) -> list[str]:
    text = fold((_FOLDER / f"{name}.txt").read_text(encoding="utf-8")).text.lower()
    return [line.strip() for line in text.splitlines() if line and not line.startswith("#")]


@cache
def words(name: str) -> frozenset[str]:
    """Give all words of a list, in small letters without accents."""
    return frozenset(word for line in _lines(name) for word in line.split())


@cache
def phrases(name: str) -> frozenset[tuple[str, ...]]:
    """Give all phrases of a list, each as its words."""
    return frozenset(tuple(line.split()) for line in _lines(name) if line)
