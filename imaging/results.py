"""What comes out of `imaging.sandbox`: a cleaned image, a preview, or a refusal with its reason.

This module imports no decoder, so that a process may know the results without being able to decode anything itself.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_BYTES: Final = 20 * 1024 * 1024
"""Largest file that is looked at, bytes."""

MAX_PIXELS: Final = 50_000_000
"""Largest image that is decoded, width × height in pixels. Read from the header, before any pixel is decoded."""


class Reason(StrEnum):
    """Why a file was refused. The last three say that our own limits ended the work, not that the file is wrong."""

    EMPTY = "EMPTY"
    TOO_LARGE = "TOO_LARGE"
    NOT_A_PHOTO = "NOT_A_PHOTO"
    TOO_MANY_PIXELS = "TOO_MANY_PIXELS"
    DAMAGED = "DAMAGED"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    TIMEOUT = "TIMEOUT"
    CRASHED = "CRASHED"


SENTENCES: Final = {
    Reason.EMPTY: "The file is empty.",
    Reason.TOO_LARGE: f"The file is larger than {MAX_BYTES // 1024**2} MB.",
    Reason.NOT_A_PHOTO: "The file is not a JPEG, PNG, WebP, HEIC, AVIF or TIFF image.",
    Reason.TOO_MANY_PIXELS: f"The image has more than {MAX_PIXELS // 1_000_000} million pixels.",
    Reason.DAMAGED: "The image is damaged or incomplete.",
    Reason.OUT_OF_MEMORY: "Decoding the image needs more memory than it is given.",
    Reason.TIMEOUT: "Decoding the image takes longer than it is given.",
    Reason.CRASHED: "The decoder broke down over this file.",
}


class Refused(Exception):
    """The file does not become an image.

    `reason` is for programs. `looks_like` names what a NOT_A_PHOTO was recognised as ("PDF"), or is empty. `str()` is
    an English sentence for logs and reports; pages have their own words.
    """

    def __init__(self, reason: Reason, looks_like: str = "") -> None:
        self.reason = reason
        self.looks_like = looks_like
        super().__init__(SENTENCES[reason] + (f" It looks like: {looks_like}." if looks_like else ""))


class Advice(StrEnum):
    """What a contributor may want to do better. Advises, never forbids."""

    TOO_DARK = "TOO_DARK"
    TOO_BRIGHT = "TOO_BRIGHT"
    BLURRED = "BLURRED"


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """The image that counts: our own PNG of the upright sRGB pixels, and what was learned on the way.

    `sha256` is of the PNG, `pixel_sha256` as `imaging.hashing` defines it, `sharpness` and `exposure` as
    `imaging.quality` does. `width` and `height` in pixels, after orientation. `source_format` is one of
    `imaging.formats.Format`. `metadata_found` maps names of tags to their count, never a value. `truncated`: the
    original lacked its last rows; they are left out.
    """

    png: bytes
    sha256: str
    pixel_sha256: str
    width: int
    height: int
    source_format: str
    truncated: bool
    metadata_found: dict[str, int]
    sharpness: float
    exposure: float


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The contributor's thumbnail, made of pixels alone, with advice while they are still there.

    `width` and `height` are those of the photo, in pixels, after orientation; the JPEG is smaller.
    """

    jpeg: bytes
    advice: tuple[Advice, ...]
    source_format: str
    width: int
    height: int
    truncated: bool
