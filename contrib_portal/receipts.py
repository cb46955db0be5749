"""Receipt codes: the one thing that ties a person to a contribution, and only that person has it.

24 random characters of Crockford's base 32 (120 bits) and a check character, written in five groups of five:
P9VR7-WSEJV-… What is stored is an HMAC of the code; a lost code cannot be recovered.
"""

import hashlib
import hmac
import re
import secrets
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS: Final = 24
GROUP: Final = 5
READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
SEPARATORS: Final = re.compile(r"[\s\u2010-\u2015\u2212-]+")


class Mistyped(ValueError):
    """This cannot be a code: a character too many, too few, foreign, wrong, or two of them swapped."""


def new_code() -> str:
    """A code as it is shown, with hyphens."""
    random_part = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    code = random_part + check_character(random_part)
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalise(text: str) -> str:
    """The 25 characters of a code as somebody typed it: lower case, spaces, O for 0, I and L for 1. Raises Mistyped."""
    code = SEPARATORS.sub("", text).upper().translate(READ_AS)
    if len(code) != RANDOM_CHARACTERS + 1 or not set(code) <= set(ALPHABET):
        raise Mistyped
    if check_character(code[:-1]) != code[-1]:
        raise Mistyped
    return code


def digest(code: str, *, key: str) -> str:
    """What is stored for a code (as typed): HMAC-SHA256 under `key`, hexadecimal. Raises Mistyped."""
    return hmac.new(key.encode(), normalise(code).encode(), hashlib.sha256).hexdigest()


def check_character(characters: str) -> str:
    """The character that makes a whole code a root-α multiple in GF(32).

    Up to 31 characters in all, every single wrong character and every swap of two different ones is noticed, because
    the powers of α that weigh the places are all different.
    """
    remainder = 0
    for character in characters:
        remainder = _times_alpha(remainder) ^ ALPHABET.index(character)
    return ALPHABET[_times_alpha(remainder)]


def _times_alpha(element: int) -> int:
    """In GF(32) = GF(2)[α] / (α⁵ + α² + 1)."""
    shifted = element << 1
    return shifted ^ 0b100101 if shifted & 0b100000 else shifted
