"""Columns that hold only sealed text, and what opens them (TRUST T04)."""

from typing import ClassVar

from allies.crypto import Keyring


class Sealed:
    """A table with sealed columns. `SEALED` names them, `BOUND_TO` the attribute that is the row.

    Every subclass is known to the rotation of keys.
    """

    SEALED: ClassVar[tuple[str, ...]]
    BOUND_TO: ClassVar[str] = "id"
    keyring: ClassVar[Keyring]  # set once by create_app

    @classmethod
    def seal(cls, column, row, text):
        """The sealed form of `text` for this column of the row with this id."""
        return Sealed.keyring.seal(text, cls._table(), column, row)

    def unsealed(self, column):
        """The readable text of a column; "" for none. InvalidTag when it was tampered with."""
        sealed = getattr(self, column)
        row = getattr(self, self.BOUND_TO)
        return Sealed.keyring.unseal(sealed, self._table(), column, row) if sealed else ""

    @classmethod
    def _table(cls):
        return cls._meta.table_name  # type: ignore[attr-defined]
