"""Print how well the check does on labelled sentences: python -m allies.textcheck FILE."""

import sys
from pathlib import Path

from allies.textcheck.measure import read_sentences, score


def main() -> int:
    """Print the table; 2 when no readable file is given."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        print("usage: python -m allies.textcheck SENTENCES.tsv", file=sys.stderr)
        return 2
    print(score(read_sentences(Path(sys.argv[1]))).table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
