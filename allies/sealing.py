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
        return Sealed.keyring.unseal(*self._field(column)) if getattr(self, column) else ""

    def resealed(self, column):
        """The column under the newest key, without showing it. InvalidTag like `unsealed`."""
        return Sealed.keyring.reseal(*self._field(column))

    def fits(self, column, keyring):
        """Was this column sealed with these keys? Also when there is nothing in it."""
        return not getattr(self, column) or keyring.fits(*self._field(column))

    def _field(self, column):
        return getattr(self, column), self._table(), column, getattr(self, self.BOUND_TO)

    @classmethod
    def _table(cls):
        return cls._meta.table_name  # type: ignore[attr-defined]
