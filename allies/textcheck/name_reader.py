"""Reads pieces of names in the words of a text."""

from allies.textcheck.name_parts import (
    INSTITUTION_ENDINGS,
    INSTITUTIONS,
    PARTICLES,
    PLACE_PARTICLES,
    ROMAN,
    SURNAME_ENDINGS,
)
from allies.textcheck.tokens import Token, read_tokens
from allies.textcheck.wordlists import phrases, words


def listed(small: str, name: str) -> bool:
    """Tell whether a word, or the first part of a double one, is in a list."""
    known = words(name)
    return small in known or small.split("-")[0] in known


def _like_surname(token: Token) -> bool:
    """Tell whether a word is a surname by the list or by its ending."""
    return listed(token.small, "surnames") or (
        token.capital and len(token.text) > 6 and token.small.endswith(SURNAME_ENDINGS)
    )


def _public(tokens: list[Token]) -> set[int]:
    """Give the words that belong to the name of a street, a shop or somebody in history."""
    masked: set[int] = set()
    known = phrases("public_names")
    firsts = {phrase[0] for phrase in known}
    for index, token in enumerate(tokens):
        if token.small not in firsts:
            continue
        for size in range(2, 6):
            if tuple(part.small for part in tokens[index : index + size]) in known:
                masked.update(range(index, index + size))
    return masked


class NameReader:
    """Reads names in one text. Methods take the index of a word and give the index after."""

    def __init__(self, text: str) -> None:
        self.tokens = read_tokens(text)
        self.masked = _public(self.tokens)

    def follows(self, index: int, *, dot: bool = False) -> bool:
        """Tell whether a word exists and stands right after the one before."""
        if index >= len(self.tokens) or index in self.masked:
            return False
        return self.tokens[index].gap in ({" ", ". ", "."} if dot else {" "})

    def starts_sentence(self, index: int) -> bool:
        """Tell whether a capital here may be that of a sentence."""
        return index == 0 or any(mark in self.tokens[index].gap for mark in '.!?:\n"')

    def dot_after(self, index: int) -> bool:
        """Tell whether a dot stands right after this word."""
        return index + 1 < len(self.tokens) and self.tokens[index + 1].gap.startswith(".")

    def particles(self, index: int) -> int:
        """Read at most three particles."""
        end = index
        while end < index + 3 and self.follows(end, dot=end == index):
            token = self.tokens[end]
            needed = PLACE_PARTICLES.get(token.small)
            if token.small not in PARTICLES:
                break
            if needed and not (self.follows(end + 1) and self.tokens[end + 1].small in needed):
                break
            end += 1
        return end

    def initials(self, index: int) -> int:
        """Read at most five single capitals."""
        end = index
        while end < min(index + 5, len(self.tokens)) and self.tokens[end].initial:
            if end > index and not self.follows(end, dot=True):
                break
            end += 1
        return end

    def institution_follows(self, index: int) -> bool:
        """Tell whether the next word makes this the name of a street, a school and so on."""
        return self.follows(index + 1) and self.tokens[index + 1].small in INSTITUTIONS

    def nobody(self, index: int, *, after_particle: bool = False) -> bool:
        """Tell whether this word can't be (the end of) a person's name."""
        token = self.tokens[index]
        surname = listed(token.small, "surnames")
        if ROMAN.fullmatch(token.text) or self.institution_follows(index):
            return True
        if surname and (after_particle or token.small not in words("not_names")):
            return False
        if listed(token.small, "not_names") or token.small.endswith(INSTITUTION_ENDINGS):
            return True
        return token.text.isupper() and len(token.text) <= 4

    def place_name(self, index: int) -> bool:
        """Tell whether the row of names that starts here ends as a street or a school."""
        end = index
        while end < index + 5 and (end == index or self.follows(end, dot=True)):
            token = self.tokens[end]
            if token.capital and (
                (token.small.endswith(INSTITUTION_ENDINGS) and not listed(token.small, "surnames"))
                or self.institution_follows(end)
            ):
                return True
            if not token.capital and not token.initial and token.small not in PARTICLES:
                break
            end += 1
        return False

    def surname(self, index: int, *, known: bool, small: bool = False) -> int | None:
        """Read a surname.

        known asks that it is in the list, unless a particle goes before; small lets it be
        written in small letters, and then it must be in the list.
        """
        core = self.particles(index)
        if not self.follows(core, dot=core == index):
            return None
        token = self.tokens[core]
        if self.nobody(core, after_particle=core > index):
            return None
        if token.capital:
            fits = not known or core > index or _like_surname(token)
        else:
            # "mevrouw van de bakker" is the baker's wife.
            trade = core > index + 1 and token.small in words("name_words")
            fits = small and len(token.text) > 1 and listed(token.small, "surnames") and not trade
        return core + 1 if fits else None

    def surname_listed(self, index: int, *, small: bool = False) -> int | None:
        """Read a surname that is in the list, with or without particles."""
        end = self.surname(index, known=True, small=small)
        return end if end and _like_surname(self.tokens[end - 1]) else None

    def after_first(self, index: int, *, known: bool) -> int | None:
        """Read the rest of a name whose first name stands at index."""
        follow = index + 1
        if self.follows(follow) and listed(self.tokens[follow].small, "first_names"):
            longer = self.surname(follow + 1, known=known)
            if longer is not None and self.tokens[follow].capital:
                return longer
        initials = self.initials(follow)
        if initials > follow and self.follows(follow):
            end = self.surname(initials, known=known)
            return end or (initials if self.dot_after(initials - 1) else None)
        hidden = self.particles(follow)
        if self.follows(hidden) and self.tokens[hidden].initial and self.dot_after(hidden):
            return hidden + 1
        return self.surname(follow, known=known)
