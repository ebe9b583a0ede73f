"""Data files that are not read on, and what is told by their size and first bytes alone. Loads nothing that unpacks."""

from __future__ import annotations

from pathlib import Path

from perfdsl.text.catalogue import data as say
from perfdsl.text.citation import Address
from perfdsl.text.problem import Problem

MAX_FILE = 64 * 1024 * 1024
"""Bytes of a data file as it lies on the disk."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARQUET = b"PAR1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Refused(Exception):
    """A file that is not read on; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def looks_packed(raw: bytes) -> bool:
    """Whether the bytes are a zip, whatever the file is called."""
    return raw.startswith(b"PK\x03\x04")


def is_parquet(path: Path) -> bool:
    """Whether the file is Parquet, whatever it is called; False too where it cannot be opened."""
    try:
        with path.open("rb") as file:
            return file.read(4) == _PARQUET
    except OSError:
        return False


def refuse_old_format(raw: bytes, name: str) -> None:
    """Refuse the compound files of Excel 97, WPS ``.et`` and of workbooks with a password.

    Raises:
        Refused: ``raw`` is one of them.
    """
    if raw.startswith(_OLE):
        raise Refused(say.locked_with_password(Address(name)) if _ENCRYPTED in raw else say.old_format(Address(name)))
