"""The words of a text, each with what stands before it."""

import re
from dataclasses import dataclass

_WORD = re.compile(r"'[tsn](?!\w)|[^\W\d_]+(?:['\-][^\W\d_]+)*")
_SHOUTING_SHARE = 0.6


@dataclass(frozen=True)
class Token:
    """One word; gap is what stands between the word before and this one."""

    text: str
    small: str
    start: int
    end: int
    gap: str

    @property
    def capital(self) -> bool:
        """Tell whether it is written like a name: two letters or more, the first a capital."""
        return len(self.text) > 1 and self.text[0].isupper()

    @property
    def initial(self) -> bool:
        """Tell whether it is one capital letter."""
        return len(self.text) == 1 and self.text.isupper()


def read_tokens(text: str) -> list[Token]:
    """Give the words of a text; one that shouts in capitals is read as small letters."""
    capitals = sum(character.isupper() for character in text)
    letters = sum(character.isalpha() for character in text)
    if letters > 20 and capitals > _SHOUTING_SHARE * letters:
        text = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    found: list[Token] = []
    end = 0
    for match in _WORD.finditer(text):
        gap = re.sub(" +", " ", text[end : match.start()])
        found.append(Token(match[0], match[0].lower(), match.start(), match.end(), gap))
        end = match.end()
    return found
