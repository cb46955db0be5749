"""Pictures drawn by code, encoded the way phones and programs encode them."""

import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image

pillow_heif.register_heif_opener()

ORIENTATION, DESCRIPTION, XMP = 274, 270, 700
GPS_IFD, GPS_LATITUDE, GPS_LATITUDE_REF = 34853, 2, 1

# How the stored rows and columns come out of an upright picture, for each value of the tag (EXIF 2.32, 4.6.4 A).
STORED_AS = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.swapaxes(0, 1),
    6: lambda upright: upright.swapaxes(0, 1)[::-1],
    7: lambda upright: upright[::-1, ::-1].swapaxes(0, 1),
    8: lambda upright: upright.swapaxes(0, 1)[:, ::-1],
}


def skin(height: int = 96, width: int = 160) -> NDArray[np.uint8]:
    """A skin-like picture without any symmetry: a different colour in each corner, smooth in between."""
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j][..., None]
    corners = np.array([(232, 190, 172), (150, 98, 70), (210, 120, 110), (70, 45, 40)], dtype=float)
    picture = (1 - y) * ((1 - x) * corners[0] + x * corners[1]) + y * ((1 - x) * corners[2] + x * corners[3])
    return picture.round().astype(np.uint8)


def encode(pixels: NDArray[Any] | Image.Image, kind: str, **options: Any) -> bytes:
    """A file of the given Pillow format; lossy formats at a quality that changes colours by a level or two."""
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(np.ascontiguousarray(pixels))
    quality = {
        "JPEG": {"quality": 95, "subsampling": 0},
        "WEBP": {"lossless": True},
        "AVIF": {"quality": 95, "subsampling": "4:4:4"},
        "HEIF": {"quality": 95, "chroma": 444},
    }
    buffer = BytesIO()
    image.save(buffer, kind, **(quality.get(kind, {}) | options))
    return buffer.getvalue()


def exif(**tags: Any) -> bytes:
    """EXIF with the tags `orientation`, `description` and `xmp` (of a TIFF), and a position where `gps` is true."""
    block = Image.Exif()
    if "orientation" in tags:
        block[ORIENTATION] = tags["orientation"]
    if "description" in tags:
        block[DESCRIPTION] = tags["description"]
    if "xmp" in tags:
        block[XMP] = tags["xmp"]
    if tags.get("gps"):
        block[GPS_IFD] = {GPS_LATITUDE_REF: "N", GPS_LATITUDE: (48.0, 12.0, 30.0)}
    return block.tobytes()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of so many black pixels in a few hundred kilobytes, without ever holding them."""
    compressor, row = zlib.compressobj(9), bytes(1 + 3 * width)
    rows = b"".join(compressor.compress(row) for _ in range(height)) + compressor.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")


def with_png_chunk(png: bytes, kind: bytes, body: bytes) -> bytes:
    """The PNG with one more chunk before its end."""
    return png[:-12] + png_chunk(kind, body) + png[-12:]


# ICC profiles of a matrix and a gamma, by the ICC specification (v2.4): no profile of a vendor is needed.
DISPLAY_P3_TO_XYZ_D50 = np.array(
    [[0.51512, 0.29198, 0.15710], [0.24120, 0.69225, 0.06657], [-0.00105, 0.04189, 0.78407]]
)
SRGB_TO_XYZ_D50 = np.array([[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.71410]])
GAMMA = 2.2


def icc_profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    start = 128 + 4 + 12 * len(tags)
    table, bodies = struct.pack(">I", len(tags)), b""
    for name, body in tags.items():
        table += name + struct.pack(">II", start + len(bodies), len(body))
        bodies += body + bytes(-len(body) % 4)
    header = struct.pack(">I4sI4s4s4s", start + len(bodies), b"\0\0\0\0", 0x02400000, b"mntr", space, b"XYZ ")
    header += bytes(12) + b"acsp" + bytes(28) + _s15f16(0.9642, 1.0, 0.8249)
    return header.ljust(128, b"\0") + table + bodies


def _s15f16(*numbers: float) -> bytes:
    return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)


def _curve(gamma: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256))


def display_p3() -> bytes:
    """Display P3's primaries with a plain gamma of 2.2."""
    columns = {
        name: b"XYZ " + bytes(4) + _s15f16(*DISPLAY_P3_TO_XYZ_D50[:, i])
        for i, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))
    }
    curves = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _curve(GAMMA))
    white = {b"wtpt": b"XYZ " + bytes(4) + _s15f16(0.9642, 1.0, 0.8249)}
    return icc_profile(b"RGB ", white | columns | curves)


def linear_grey() -> bytes:
    """Grey in proportion to light."""
    white = {b"wtpt": b"XYZ " + bytes(4) + _s15f16(0.9642, 1.0, 0.8249)}
    return icc_profile(b"GRAY", white | {b"kTRC": _curve(1.0)})


def srgb_of_p3(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """What `display_p3()` means in sRGB, 0..255: by arithmetic, not by a colour engine."""
    xyz = (pixels / 255) ** GAMMA @ DISPLAY_P3_TO_XYZ_D50.T
    return srgb_of_light(xyz @ np.linalg.inv(SRGB_TO_XYZ_D50).T)


def srgb_of_light(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """sRGB's transfer function (IEC 61966-2-1), 0..1 to 0..255."""
    linear = linear.clip(0, 1)
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
