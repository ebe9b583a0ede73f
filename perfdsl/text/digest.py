"""SHA-256, by what of Python's own is soonest there.

``hashlib`` looks for OpenSSL first, which takes a fifth of a bare Python to load, and much longer than the few files of a
rulebook take to be hashed. So these are hashed by the module that lies behind it, as the standard library's ``random``
does it; what is large by OpenSSL, which is then several times as fast.
"""

from __future__ import annotations

LARGE = 1 << 20
"""Bytes from which on OpenSSL is worth its loading."""

TYPE_CHECKING = False  # as typing has it, which is slow to load
if TYPE_CHECKING:
    from hashlib import sha256
else:
    try:
        from _sha2 import sha256  # Python 3.12 and later
    except ImportError:
        try:
            from _sha256 import sha256
        except ImportError:
            from hashlib import sha256


def digest(raw: bytes) -> str:
    """SHA-256 of ``raw``, in hexadecimal."""
    if len(raw) >= LARGE:
        import hashlib

        return hashlib.sha256(raw).hexdigest()
    return sha256(raw).hexdigest()
