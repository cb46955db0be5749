"""Names of tags and their count, never a value."""

import struct
from collections.abc import Iterator
from io import BytesIO

import pillow_heif
import pytest
from PIL import Image

from imaging import metadata
from imaging.formats import Format
from imaging.metadata import found
from tests.unit.imaging.pictures import encode, exif, skin, with_png_chunk


def with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    return jpeg[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def test_a_photo_without_metadata_has_none() -> None:
    for kind in ("JPEG", "PNG", "WEBP", "AVIF", "HEIF", "TIFF"):
        assert found(encode(skin(), kind), Format(kind)) == {}


def test_iptc_comments_and_segments_of_makers_are_named() -> None:
    datasets = b"".join(b"\x1c\x02" + bytes([n]) + struct.pack(">H", 3) + b"Ada" for n in (80, 25, 25))
    resource = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(datasets)) + datasets + bytes(len(datasets) % 2)
    photo = with_segment(encode(skin(), "JPEG"), 0xED, b"Photoshop 3.0\x00" + resource)
    photo = with_segment(with_segment(photo, 0xFE, b"Ada"), 0xE5, b"Samsung, Ada")
    assert found(photo, Format.JPEG) == {"IPTC:By-line": 1, "IPTC:Keywords": 2, "JPEG:APP5": 1, "JPEG:COM": 1}


def test_maker_notes_thumbnails_and_unknown_tags_are_named() -> None:
    block = Image.Exif()
    block[0xC123] = "Ada"
    block[34665] = {37500: b"maker note of Ada"}
    thumbnail = {513: 0, 514: 0}
    block._ifds[1] = thumbnail
    names = found(encode(skin(), "JPEG", exif=block), Format.JPEG)
    assert {"EXIF:MakerNote", "EXIF:0xc123"} <= names.keys()
    assert "Ada" not in repr(names)


def test_properties_of_xmp_are_named_where_a_standard_names_them() -> None:
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r"><rdf:Description xmlns:ada="http://ada.example/" '
        b'photoshop:City="London" ada:Lovelace="1815"><dc:title>a dc:secret = "x" photo</dc:title>'
        b"</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    names = found(encode(skin(), "WEBP", xmp=packet), Format.WEBP)
    assert {"XMP-photoshop:City": 1, "XMP-dc:title": 1, "XMP:other": 1}.items() <= names.items()
    assert "ada" not in repr(names).lower() and "London" not in repr(names)


def test_chunks_of_a_png_are_named() -> None:
    photo = encode(skin(), "PNG")
    for kind in (b"tIME", b"tEXt", b"tEXt", b"caBX"):
        photo = with_png_chunk(photo, kind, b"Comment\x00Ada")
    assert found(photo, Format.PNG) == {"PNG:caBX": 1, "PNG:tEXt": 2, "PNG:tIME": 1}


def test_thumbnails_and_further_images_of_a_heic_are_named() -> None:
    heif = pillow_heif.from_pillow(Image.fromarray(skin(400, 400)))
    heif.add_from_pillow(Image.fromarray(skin(200, 200)))
    heif[0].info["thumbnails"] = [128]
    buffer = BytesIO()
    heif.save(buffer, primary_index=0)
    assert found(buffer.getvalue(), Format.HEIF) == {"HEIF:further image": 1, "HEIF:thumbnail": 1}


def test_a_block_that_cannot_be_parsed_is_counted_and_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    block = bytearray(exif(description="Ada", gps=True))
    block[8:] = b"\xff" * (len(block) - 8)
    names = found(with_segment(encode(skin(), "JPEG"), 0xE1, bytes(block)), Format.JPEG)
    assert all(name.startswith("EXIF:") for name in names)

    def broken(image: object) -> Iterator[str]:
        yield "EXIF:Make"
        raise ValueError("Ada")

    monkeypatch.setattr(metadata, "_exif", broken)
    assert found(encode(skin(), "PNG"), Format.PNG) == {"EXIF:Make": 1, "EXIF:unreadable": 1}
