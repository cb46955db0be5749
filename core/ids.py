"""Random names: of cases and images (as SCIN writes them) and of stored objects."""

import secrets


def random_id() -> int:
    """A random signed 64-bit integer, never 0: SCIN's `case_id` and image name. Says nothing of when or whose."""
    while True:
        number = secrets.randbits(64) - 2**63
        if number:
            return number


def random_key() -> str:
    """The name of a stored object: 128 random bits in hexadecimal."""
    return secrets.token_hex(16)
