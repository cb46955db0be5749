"""From the bytes of a file to upright sRGB pixels. Only for the sandbox: outside bytes are decoded nowhere else."""

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import AvifImagePlugin, Image, ImageChops, ImageOps

from imaging.colour import to_srgb
from imaging.formats import RAW_PHOTO, Format, sniff
from imaging.results import MAX_BYTES, MAX_PIXELS, Reason, Refused

LAST_ROWS: Final = 0.1
"""Share of its rows that a JPEG may lack at its end and still be accepted."""

DNG_VERSION: Final = 50706  # the TIFF tag that makes a TIFF a raw photo, whose first image is a thumbnail

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """`pixels`: (height, width, 3) uint8, sRGB 0..255, upright. `truncated`: a JPEG whose last rows were missing."""

    pixels: NDArray[np.uint8]
    source_format: Format
    truncated: bool


def decode(data: bytes) -> Decoded:
    """The primary image, or the first frame, of a photo.

    Orientation is applied once, embedded profiles are converted to sRGB, alpha is composited on white. Size in bytes
    and in pixels is judged before a pixel is decoded. Raises Refused and MemoryError, nothing else.
    """
    if len(data) > MAX_BYTES:
        raise Refused(Reason.TOO_LARGE)
    source_format = sniff(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image, truncated = _open_heif(data) if source_format is Format.HEIF else _open(data, source_format)
            pixels = np.array(to_srgb(image), dtype=np.uint8)
    except (Refused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(Reason.TOO_MANY_PIXELS) from error
    except Exception as error:  # decoders raise whatever they like over a broken file
        raise Refused(Reason.DAMAGED) from error
    return Decoded(pixels=pixels, source_format=source_format, truncated=truncated)


def _open(data: bytes, source_format: Format) -> tuple[Image.Image, bool]:
    """The upright image and whether it is truncated, through Pillow, which may use this one decoder only."""
    image: Image.Image = Image.open(BytesIO(data), formats=[source_format])
    _judge_size(image.size)
    if source_format is Format.TIFF and DNG_VERSION in image.getexif():
        raise Refused(Reason.NOT_A_PHOTO, RAW_PHOTO)
    truncated = False
    try:
        image.load()
    except OSError:
        if source_format is not Format.JPEG:
            raise
        image, truncated = _without_last_rows(data), True
    # Pillow turns a TIFF while it loads it and then forgets the tag, so this turns nothing twice.
    return ImageOps.exif_transpose(image), truncated


def _open_heif(data: bytes) -> tuple[Image.Image, bool]:
    """The primary image, through libheif, which itself turns it as the file's own boxes say.

    The EXIF orientation of a HEIF repeats those boxes and must not be applied again.
    """
    if _ends_inside_a_box(data):  # libheif would decode what is there and make up the rest
        raise Refused(Reason.DAMAGED)
    import pi_heif  # only here: a fifth of the start of a child that decodes something else

    pi_heif.options.DECODE_THREADS = 1
    heif = pi_heif.open_heif(data, convert_hdr_to_8bit=True)
    if not heif.info["primary"]:  # pi_heif leaves out an image that it cannot read and takes the next
        raise Refused(Reason.DAMAGED)
    _judge_size(heif.size)
    return heif.to_pillow(), False


def _ends_inside_a_box(data: bytes) -> bool:
    """Whether an ISO base media file is cut off inside its description (`meta`) or its pixels (`mdat`)."""
    start = 0
    while start + 8 <= len(data):
        length, kind = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8]
        if length == 1:
            length = int.from_bytes(data[start + 8 : start + 16], "big")
        if kind in (b"meta", b"mdat") and start + length > len(data):
            return True
        if length < 8:  # 0: the last box, open to the end
            return False
        start += length
    return False


def _judge_size(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MAX_PIXELS:
        raise Refused(Reason.TOO_MANY_PIXELS)


def _without_last_rows(data: bytes) -> Image.Image:
    """What is there of a JPEG that ends too early. Raises Refused(DAMAGED) where more than the last rows is missing.

    It is decoded with two different continuations: what differs was not in the file.
    """
    begun = data.rstrip(b"\xff")
    one, other = (
        Image.open(BytesIO(begun + filler * 256 + b"\xff\xd9"), formats=[Format.JPEG]) for filler in (b"\x00", b"\x6b")
    )
    difference = ImageChops.difference(one, other).getbbox()
    width, height = one.size
    rows = difference[1] if difference else height
    if rows < height * (1 - LAST_ROWS) or (one.info.get("progressive") and not _is_refining(begun)):
        raise Refused(Reason.DAMAGED)
    return one.crop((0, 0, width, rows))


def _is_refining(data: bytes) -> bool:
    """Whether a progressive JPEG goes as far as its refining scans, so that its rows are whole but for last bits."""
    scan = data.rfind(b"\xff\xda") + 4  # FF DA never occurs inside a scan
    components = data[scan]
    successive_approximation = data[scan + 1 + 2 * components + 2]
    return successive_approximation >> 4 > 0
