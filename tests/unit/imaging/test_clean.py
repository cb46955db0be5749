"""Nothing but pixels goes into what we make of a photo."""

import hashlib
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from imaging.clean import clean, encode_png, preview
from imaging.hashing import pixel_sha256
from imaging.quality import advice, measure
from imaging.readback import NotOnlyPixels, read_back
from imaging.results import Advice
from tests.unit.imaging.pictures import (
    STORED_AS,
    display_p3,
    encode,
    exif,
    png_chunk,
    skin,
    with_png_chunk,
)

SECRET = "Ada Lovelace, 12 St James's Square"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><dc:creator>{SECRET}</dc:creator></rdf:RDF></x:xmpmeta>'.encode()


def full_of_secrets(kind: str) -> bytes:
    """A photo that says the same name in every place its format has for one."""
    options = {"exif": exif(description=SECRET, gps=True, orientation=1), "xmp": XMP, "icc_profile": display_p3()}
    if kind == "JPEG":
        options["comment"] = SECRET
    if kind == "TIFF":
        options["exif"] = exif(description=SECRET, gps=True, xmp=XMP)
    if kind == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Author", SECRET)
        texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options = options | {"pnginfo": texts, "dpi": (300, 300)}
        del options["xmp"]
    return encode(skin(), kind, **options)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF"])
def test_no_metadata_survives_and_its_names_without_its_values_are_kept(kind: str) -> None:
    photo = full_of_secrets(kind)
    assert SECRET.encode() in photo
    cleaned = clean(photo)
    with Image.open(BytesIO(cleaned.png)) as image:
        image.load()
        assert image.info == {} and not image.getexif()
    assert SECRET.encode() not in cleaned.png and SECRET.encode() not in preview(photo).jpeg
    assert {
        "EXIF:ImageDescription": 1,
        "GPS:GPSLatitude": 1,
        "ICC:profile": 1,
    }.items() <= cleaned.metadata_found.items()
    assert cleaned.metadata_found["XMP-dc:creator"] == 1
    assert "Lovelace" not in repr(cleaned.metadata_found)


def test_the_result_describes_the_png() -> None:
    cleaned = clean(encode(STORED_AS[6](skin()), "JPEG", exif=exif(orientation=6)))
    assert read_back(cleaned.png) == (cleaned.width, cleaned.height) == (160, 96)
    assert cleaned.sha256 == hashlib.sha256(cleaned.png).hexdigest()
    with Image.open(BytesIO(cleaned.png)) as image:
        assert cleaned.pixel_sha256 == pixel_sha256(np.asarray(image))
    assert (cleaned.source_format, cleaned.truncated) == ("JPEG", False)


def test_the_same_photo_gives_the_same_bytes() -> None:
    photo = encode(skin(), "JPEG")
    assert clean(photo).png == clean(photo).png


def test_a_longer_image_is_scaled_down_and_a_shorter_one_left_alone() -> None:
    photo = encode(skin(), "PNG")
    small = clean(photo, max_edge=80)
    assert (small.width, small.height) == (80, 48) == read_back(small.png)
    assert clean(photo, max_edge=500).png == clean(photo).png


def test_a_preview_is_small_and_knows_the_size_of_the_photo() -> None:
    small = preview(encode(skin(1200, 900), "PNG"))
    assert (small.width, small.height) == (900, 1200)
    with Image.open(BytesIO(small.jpeg)) as image:
        assert (image.format, image.size) == ("JPEG", (600, 800))
        assert not {"exif", "icc_profile", "comment", "xmp"} & image.info.keys()


def test_equal_pixels_have_one_hash_whatever_the_file_and_other_pixels_another() -> None:
    hashes = {clean(encode(skin(), kind, exif=exif(description=kind))).pixel_sha256 for kind in ("PNG", "WEBP", "TIFF")}
    turned = clean(encode(STORED_AS[8](skin()), "PNG", exif=exif(orientation=8))).pixel_sha256
    assert hashes == {turned}
    other = skin()
    other[0, 0, 0] ^= 1
    assert pixel_sha256(other) != turned
    assert pixel_sha256(skin().reshape(160, 96, 3)) != turned


@pytest.mark.parametrize("kind", [b"tEXt", b"eXIf", b"iCCP", b"pHYs", b"sRGB", b"prVt"])
def test_the_look_back_finds_any_other_chunk(kind: bytes) -> None:
    with pytest.raises(NotOnlyPixels):
        read_back(with_png_chunk(encode_png(skin()), kind, b"something"))


def test_the_look_back_finds_what_hides_elsewhere() -> None:
    png = encode_png(skin())
    read_back(png)
    header, rows, end = png[:33], zlib.compress(bytes(96 * 481)), png_chunk(b"IEND", b"")
    read_back(header + png_chunk(b"IDAT", rows) + end)
    for hiding in (
        png + b"behind the end",
        header + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"in the end"),
        header + png_chunk(b"IDAT", rows + b"behind the stream") + end,
        header + png_chunk(b"IDAT", rows) + png_chunk(b"IDAT", b"in a chunk of its own") + end,
        header + png_chunk(b"IDAT", zlib.compress(bytes(96 * 481 + 20))) + end,  # behind the last row
        header + png_chunk(b"IDAT", rows[:-8]) + end,
        header + end,
        png[:32] + bytes([png[32] ^ 1]) + png[33:],  # a CRC that does not fit
        png[:8] + png_chunk(b"IHDR", png[16:28] + b"\x01") + png[33:],  # says that it is interlaced
        png[:-6],
        b"GIF89a",
        b"",
    ):
        with pytest.raises(NotOnlyPixels):
            read_back(hiding)


def test_a_deeper_or_transparent_png_is_not_ours() -> None:
    for mode in ("L", "RGBA", "P", "I;16"):
        with pytest.raises(NotOnlyPixels):
            read_back(encode(Image.new(mode, (8, 8)), "PNG"))


def textured(level: int, contrast: int = 40) -> np.ndarray:
    noise = np.random.default_rng(0).integers(-contrast, contrast + 1, (300, 400, 1))
    return (np.full((300, 400, 3), level) + noise).clip(0, 255).astype(np.uint8)


def test_advice_names_dark_bright_and_blurred_photos_and_nothing_else() -> None:
    assert advice(measure(textured(130))) == ()
    assert advice(measure(textured(10, 5))) == (Advice.TOO_DARK,)
    assert advice(measure(textured(255, 2))) == (Advice.TOO_BRIGHT,)
    assert advice(measure(np.full((300, 400, 3), 130, dtype=np.uint8))) == (Advice.BLURRED,)


@pytest.mark.parametrize(
    "monk", ["f6ede4", "f3e7db", "f7ead0", "eadaba", "d7bd96", "a07e56", "825c43", "604134", "3a312a", "292420"]
)
def test_no_tone_of_the_monk_scale_is_too_dark_or_too_bright(monk: str) -> None:
    skin_of_that_tone = textured(0) // 4 + np.frombuffer(bytes.fromhex(monk), dtype=np.uint8) - 5
    assert advice(measure(skin_of_that_tone)) == ()


def test_sharpness_falls_with_blur_and_exposure_is_the_mean_luminance() -> None:
    from PIL import ImageFilter

    sharp = textured(128)
    blurred = np.asarray(Image.fromarray(sharp).filter(ImageFilter.GaussianBlur(2)))
    assert measure(sharp).sharpness > 20 * measure(blurred).sharpness > 0
    assert measure(np.full((5, 5, 3), 51, dtype=np.uint8)).exposure == pytest.approx(0.2)
    assert measure(np.full((1, 1, 3), 51, dtype=np.uint8)).sharpness == 0
