"""What a file is, by its first bytes. Names and content types from outside are never asked."""

from enum import StrEnum
from typing import Final

from imaging.results import Reason, Refused


class Format(StrEnum):
    """The formats that are decoded. JPEG includes MPO, HEIF is what phones call HEIC."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIF = "HEIF"
    AVIF = "AVIF"
    TIFF = "TIFF"


AVIF_BRANDS: Final = {b"avif", b"avis"}
HEIF_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}

# Only to tell people what they sent instead of a photo.
OTHERS: Final = (
    (b"%!PS", "PostScript or EPS"),
    (b"\xc5\xd0\xd3\xc6", "PostScript or EPS"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"8BPS", "Photoshop document"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"PK\x03\x04", "ZIP or office document"),
    (b"\xd0\xcf\x11\xe0", "office document"),
    (b"\x1a\x45\xdf\xa3", "video"),
    (b"\x1f\x8b", "gzip archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"{\\rtf", "RTF document"),
)
RAW_PHOTO: Final = "camera raw photo"


def sniff(data: bytes) -> Format:
    """The format of a file by its content.

    Raises Refused: EMPTY, or NOT_A_PHOTO with what it looks like where that is known.
    """
    if not data:
        raise Refused(Reason.EMPTY)
    if data.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Format.WEBP
    if data[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        if data[8:10] == b"CR":
            raise Refused(Reason.NOT_A_PHOTO, RAW_PHOTO)
        return Format.TIFF
    if data[4:8] == b"ftyp":
        return _iso_format(data)
    raise Refused(Reason.NOT_A_PHOTO, _looks_like(data))


def _iso_format(data: bytes) -> Format:
    """HEIF or AVIF by the brands of an ISO base media file: the major one, then the compatible ones."""
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, length, 4))]
    if not AVIF_BRANDS.isdisjoint(brands):
        return Format.AVIF
    if not HEIF_BRANDS.isdisjoint(brands):
        return Format.HEIF
    raise Refused(Reason.NOT_A_PHOTO, RAW_PHOTO if data[8:12] == b"crx " else "video")


def _looks_like(data: bytes) -> str:
    for start, name in OTHERS:
        if data.startswith(start):
            return name
    head = data[:1024]
    if b"%PDF-" in head:
        return "PDF"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(b"<svg") or (text.startswith(b"<?xml") and b"<svg" in text):
        return "SVG"
    if text.startswith((b"<!doctype html", b"<html")):
        return "web page"
    if b"\x00" not in head:
        try:
            head.decode("utf-8")
        except UnicodeDecodeError:
            return ""
        return "text"
    return ""
