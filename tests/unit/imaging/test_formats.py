"""A file is what its first bytes say, whatever it is called."""

import pytest

from imaging.formats import Format, sniff
from imaging.results import Reason, Refused
from tests.unit.imaging.pictures import encode, skin


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF"])
def test_every_format_is_known_by_its_content(kind: str) -> None:
    assert sniff(encode(skin(), kind)) is Format(kind)


def test_a_photo_of_two_lenses_is_a_jpeg() -> None:
    photo = encode(skin(), "MPO", save_all=True, append_images=[])
    assert sniff(photo) is Format.JPEG


def test_a_brand_that_stands_second_counts() -> None:
    assert sniff(b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif") is Format.AVIF
    assert sniff(b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic") is Format.HEIF


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript or EPS"),
        (b"GIF89a\x01\x00", "GIF"),
        (b"PK\x03\x04\x14\x00", "ZIP or office document"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42", "video"),
        (b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom", "camera raw photo"),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00", "camera raw photo"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"<!DOCTYPE html><title>404</title>", "web page"),
        ("Schöne Grüße".encode(), "text"),
        (b"\x01\x02\x00\x03\xff", ""),
    ],
)
def test_what_is_no_photo_is_refused_by_the_name_of_what_it_is(start: bytes, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        sniff(start)
    assert (refusal.value.reason, refusal.value.looks_like) == (Reason.NOT_A_PHOTO, name)


def test_an_empty_file_is_refused_as_empty() -> None:
    with pytest.raises(Refused) as refusal:
        sniff(b"")
    assert refusal.value.reason is Reason.EMPTY
