"""A second, independent look at a PNG of ours: that it holds pixels and nothing else.

It shares no code with what wrote the file: a walk over the chunks by the PNG specification (ISO/IEC 15948).
"""

import zlib
from typing import Final

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
EIGHT_BIT_RGB: Final = bytes([8, 2, 0, 0, 0])
"""The rest of IHDR after width and height: depth, colour type, compression, filter, no interlacing."""

STEP: Final = 1 << 20  # bytes inflated at once


class NotOnlyPixels(ValueError):
    """The PNG holds something besides pixels, or does not hold together."""


def read_back(png: bytes) -> tuple[int, int]:
    """Width and height, pixels, of an 8-bit RGB PNG made of IHDR, IDAT and IEND alone.

    Checks order and CRC of every chunk, that nothing follows IEND, and that the compressed stream inflates to exactly
    the rows of the image. Raises NotOnlyPixels.
    """
    if not png.startswith(SIGNATURE):
        raise NotOnlyPixels("no PNG signature")
    start, kinds, header, inflated = len(SIGNATURE), [], b"", 0
    stream = zlib.decompressobj()
    while start < len(png):
        length, kind = int.from_bytes(png[start : start + 4], "big"), png[start + 4 : start + 8]
        body = png[start + 8 : start + 8 + length]
        crc = png[start + 8 + length : start + 12 + length]
        if len(crc) < 4 or zlib.crc32(kind + body) != int.from_bytes(crc, "big"):
            raise NotOnlyPixels(f"chunk {kind!r} is damaged")
        if kind == b"IHDR":
            header = body
        elif kind == b"IDAT":
            inflated += _inflated_length(stream, body)
        kinds.append(kind)
        start += 12 + length
    if kinds[:1] != [b"IHDR"] or kinds[-1] != b"IEND" or body or set(kinds[1:-1]) != {b"IDAT"}:
        raise NotOnlyPixels(f"chunks {sorted(set(kinds))}")
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    if header[8:] != EIGHT_BIT_RGB:
        raise NotOnlyPixels("not 8-bit RGB")
    if not stream.eof or stream.unused_data or inflated != height * (1 + 3 * width):
        raise NotOnlyPixels("the compressed stream is not exactly the rows of the image")
    return width, height


def _inflated_length(stream: "zlib._Decompress", body: bytes) -> int:
    """Bytes that one IDAT inflates to, never holding more than STEP of them."""
    length, rest = 0, body
    try:
        while rest and not stream.eof:
            length += len(stream.decompress(rest, STEP))
            rest = stream.unconsumed_tail
        if rest:  # after the end of the stream
            raise NotOnlyPixels("bytes hide behind the compressed stream")
    except zlib.error as error:
        raise NotOnlyPixels("the compressed stream is damaged") from error
    return length
