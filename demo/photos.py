"""Photographs drawn by code: skin-like, in several tones and formats, with the metadata that a phone writes inside."""

import io
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image, ImageFilter, TiffImagePlugin

try:
    import pillow_heif  # bundles GPL x265: a development requirement, used where somebody has installed it
except ImportError:
    pillow_heif = None  # type: ignore[assignment]

TONES = ("#f3e7db", "#eadaba", "#d7bd96", "#a07e56", "#825c43", "#604134", "#3a312a")
FORMATS = ("JPEG", "PNG", "WEBP") + (("HEIF",) if pillow_heif else ())
SUFFIX = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "HEIF": "heic"}
# EXIF orientation → how the stored pixels must lie so that they are upright after it is applied.
STORED_FOR = {1: None, 6: Image.Transpose.ROTATE_90, 3: Image.Transpose.ROTATE_180, 8: Image.Transpose.ROTATE_270}
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Somebody</dc:creator>'
    b"</rdf:Description></rdf:RDF></x:xmpmeta>"
)


@dataclass(frozen=True)
class Photo:
    """A file as a phone would send it."""

    name: str
    content_type: str
    data: bytes


def draw(seed: int, shot: str, tone_index: int, size: tuple[int, int] = (960, 1280)) -> Image.Image:
    """An upright RGB picture of `size` (width, height): skin with a patch that the distance of `shot` makes large or small."""
    rng = np.random.default_rng(seed)
    width, height = size
    tone = np.array([int(TONES[tone_index % len(TONES)][i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)

    light = 1.0 - 0.25 * ((x / width - 0.35) ** 2 + (y / height - 0.4) ** 2)
    picture = tone[None, None, :] * light[..., None]
    for cells, strength in ((12, 7.0), (60, 5.0), (240, 4.0)):
        coarse = rng.normal(0, strength, (cells * height // width, cells)).astype(np.float32)
        grain = Image.fromarray(coarse, mode="F").resize(size, Image.Resampling.BICUBIC)
        picture += np.asarray(grain)[..., None]

    reach = {"CLOSE_UP": 0.34, "AT_AN_ANGLE": 0.24, "AT_DISTANCE": 0.1}[shot]
    cx, cy = width * rng.uniform(0.42, 0.58), height * rng.uniform(0.42, 0.58)
    angle = np.arctan2(y - cy, x - cx)
    wobble = sum(rng.uniform(0.02, 0.09) * np.sin(k * angle + rng.uniform(0, math.tau)) for k in range(2, 8))
    distance = np.hypot(x - cx, y - cy) / (width * reach) - wobble
    patch = np.clip((1.08 - distance) / 0.16, 0, 1)[..., None]
    scale = (rng.normal(0, 1, (height // 6, width // 6)) > 1.2).astype(np.float32)
    flakes = np.asarray(Image.fromarray(scale, mode="F").resize(size, Image.Resampling.BILINEAR))[..., None]
    lesion = picture * np.array([0.86, 0.62, 0.6], dtype=np.float32) + flakes * 38
    picture = picture * (1 - patch) + lesion * patch
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8), "RGB").filter(ImageFilter.GaussianBlur(0.6))


def take(seed: int, shot: str, tone_index: int) -> Photo:
    """The picture as a file: format and orientation follow from `seed`, and it says where, when and with what it was taken."""
    file_format = FORMATS[seed % len(FORMATS)]
    # Only JPEG is written sideways: phones turn HEIC by its own boxes, and the other formats are not made by cameras.
    orientation = (6, 1, 3, 8)[seed // 4 % 4] if file_format == "JPEG" else 1
    picture = draw(seed, shot, tone_index)
    if (turn := STORED_FOR[orientation]) is not None:
        picture = picture.transpose(turn)
    exif = _exif(seed, orientation)
    file = io.BytesIO()
    match file_format:
        case "JPEG":
            picture.save(file, "JPEG", quality=92, exif=_with_thumbnail(picture, exif), xmp=XMP, comment=b"holiday")
        case "PNG":
            picture.save(file, "PNG", exif=exif, compress_level=1)
        case "WEBP":
            picture.save(file, "WEBP", quality=88, exif=exif, xmp=XMP)
        case _:
            pillow_heif.from_pillow(picture).save(file, quality=80, exif=exif.tobytes(), xmp=XMP)
    kind = SUFFIX[file_format]
    return Photo(f"IMG_{1000 + seed}.{kind}", f"image/{'jpeg' if kind == 'jpg' else kind}", file.getvalue())


def _exif(seed: int, orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Contoso", "Phone 7"
    exif[0x0112] = orientation
    exif[0x0132] = "2026:02:03 04:05:06"
    exif.get_ifd(0x8769).update({0x9003: "2026:02:03 04:05:06", 0xA431: f"SN-{seed:06}", 0x927C: b"maker note"})
    degrees = tuple(TiffImagePlugin.IFDRational(value) for value in (37, 25, seed % 60))
    exif.get_ifd(0x8825).update({1: "N", 2: degrees, 3: "W", 4: degrees})
    return exif


def _with_thumbnail(picture: Image.Image, exif: Image.Exif) -> bytes:
    """EXIF bytes with a second directory (IFD1) that holds a JPEG thumbnail, as cameras write it."""
    small = picture.copy()
    small.thumbnail((160, 160))
    thumbnail = io.BytesIO()
    small.save(thumbnail, "JPEG", quality=70)
    body = bytearray(exif.tobytes())  # b"Exif\0\0" and a TIFF block
    tiff = 6
    order: Literal["little", "big"] = "little" if body[tiff : tiff + 2] == b"II" else "big"
    number = lambda at, size: int.from_bytes(body[at : at + size], order)  # noqa: E731
    ifd0 = tiff + number(tiff + 4, 4)
    link = ifd0 + 2 + 12 * number(ifd0, 2)
    ifd1 = len(body) - tiff
    body[link : link + 4] = ifd1.to_bytes(4, order)
    start = ifd1 + 2 + 3 * 12 + 4
    entries = ((0x0103, 3, 6), (0x0201, 4, start), (0x0202, 4, len(thumbnail.getvalue())))
    body += len(entries).to_bytes(2, order)
    for tag, kind, value in entries:
        cell = value.to_bytes(2, order) + b"\0\0" if kind == 3 else value.to_bytes(4, order)
        body += tag.to_bytes(2, order) + kind.to_bytes(2, order) + (1).to_bytes(4, order) + cell
    return bytes(body + (0).to_bytes(4, order) + thumbnail.getvalue())
