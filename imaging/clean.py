"""From a photo to our own image of its pixels, with nothing else passed on.

Both outputs are made from a bare array of pixels, in a fresh buffer: what the array does not hold cannot be in them.
"""

import hashlib
import zlib
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imaging import metadata, quality
from imaging.decode import decode
from imaging.hashing import pixel_sha256
from imaging.results import Cleaned, Preview


def clean(data: bytes, *, max_edge: int | None = None) -> Cleaned:
    """The image that counts. The same bytes give the same PNG.

    `max_edge` in pixels scales a longer image down; None keeps every pixel. Raises Refused and MemoryError.
    """
    decoded = decode(data)
    pixels = decoded.pixels if max_edge is None else _scaled(decoded.pixels, max_edge)
    measured = quality.measure(pixels)
    png = encode_png(pixels)
    height, width, _ = pixels.shape
    return Cleaned(
        png=png,
        sha256=hashlib.sha256(png).hexdigest(),
        pixel_sha256=pixel_sha256(pixels),
        width=width,
        height=height,
        source_format=decoded.source_format.value,
        truncated=decoded.truncated,
        metadata_found=metadata.found(data, decoded.source_format),
        sharpness=measured.sharpness,
        exposure=measured.exposure,
    )


def preview(data: bytes, *, max_edge: int = 800) -> Preview:
    """A small JPEG of a photo and advice on it. `max_edge` in pixels. Raises Refused and MemoryError."""
    decoded = decode(data)
    height, width, _ = decoded.pixels.shape
    buffer = BytesIO()
    Image.fromarray(_scaled(decoded.pixels, max_edge)).save(buffer, "JPEG", quality=85)
    return Preview(
        jpeg=buffer.getvalue(),
        advice=quality.advice(quality.measure(decoded.pixels)),
        source_format=decoded.source_format.value,
        width=width,
        height=height,
        truncated=decoded.truncated,
    )


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """An 8-bit RGB PNG of IHDR, IDAT and IEND alone.

    Runs of equal bytes only (Z_RLE): on photographs three to six times as fast as the default strategy, for files a
    seventh to a third larger.
    """
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=6, compress_type=zlib.Z_RLE)
    return buffer.getvalue()


def _scaled(pixels: NDArray[np.uint8], max_edge: int) -> NDArray[np.uint8]:
    """The image with its long edge at most `max_edge` pixels; never enlarged."""
    image = Image.fromarray(pixels)
    image.thumbnail((max_edge, max_edge), Image.Resampling.LANCZOS)
    return np.array(image)
