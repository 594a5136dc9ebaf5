"""Time the text check: python -m bench.textcheck (goal: under 5 ms for 1,000 characters)."""

import statistics
import sys
import time

from allies.textcheck import check

RUNS = 51
GOAL = 5.0

ORDINARY = (
    "Sinds de zomer merken wij in Koudekerke dat starters geen woning vinden en dat ouderen zich "
    "eenzaam voelen. Toeristen huren de huizen, en na 22.00 uur is het bij de boulevard niet stil. "
    "Mevrouw Jansen uit de Kerkstraat 12 zegt dat ook, bel haar op 06-12345678. "
)
TEXTS = {
    "ordinary, 1,000": (ORDINARY * 5)[:1000],
    "ordinary, 2,000": (ORDINARY * 9)[:2000],
    "zeros, 2,000": "0" * 2000,
    "a@, 2,000": "a@" * 1000,
    "Van de, 2,100": "Van de " * 300,
    "a., 2,000": "a." * 1000,
    "A. , 2,000": "A. " * 667,
    "digits with gaps, 2,000": "1 2-" * 500,
    "NL00, 2,000": "NL00" * 500,
    "besluit AB-123-C, 2,000": "besluit AB-123-C " * 117,
    "kenteken, 2,000": "kenteken 12 " * 167,
    "days and times, 2,000": "zaterdag om 3:15 " * 118,
    "Markt 1, 2,000": "Markt 1 " * 250,
    "one word, 2,000": "straat" * 334,
    "hyphens, 2,000": "a-" * 1000,
    "insta, 2,000": "insta naam is " * 143,
}


def milliseconds(text: str) -> float:
    """Give the median time of one check in milliseconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        check(text)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main() -> int:
    """Print the table; 1 when ordinary text of 1,000 characters is over the goal."""
    check(ORDINARY)
    measured = {name: milliseconds(text) for name, text in TEXTS.items()}
    for name, taken in measured.items():
        print(f"text check, {name:<24} {taken:8.2f} ms")
    print(f"goal for 1,000 characters {GOAL:.0f} ms")
    return int(measured["ordinary, 1,000"] >= GOAL)


if __name__ == "__main__":
    sys.exit(main())
