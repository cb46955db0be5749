"""Pixels come out upright, whole, and once; what cannot is refused with its reason."""

import struct

import numpy as np
import pytest
from PIL import Image

from imaging.decode import decode
from imaging.results import MAX_BYTES, Reason, Refused
from tests.unit.imaging.pictures import STORED_AS, encode, exif, png_bomb, skin

CLOSE = 3  # mean difference in levels that lossy formats make


def difference(one: np.ndarray, other: np.ndarray) -> float:
    assert one.shape == other.shape
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def reason_of(data: bytes) -> Reason:
    with pytest.raises(Refused) as refusal:
        decode(data)
    return refusal.value.reason


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_every_orientation_is_applied_once(kind: str, orientation: int) -> None:
    stored = STORED_AS[orientation](skin())
    photo = encode(stored, kind, exif=exif(orientation=orientation))
    assert difference(decode(photo).pixels, skin()) < CLOSE


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_heic_is_turned_by_its_boxes_and_not_again_by_its_exif(orientation: int) -> None:
    # The encoder writes both: irot and imir, which count, and the EXIF tag, which repeats them.
    photo = encode(STORED_AS[orientation](skin()), "HEIF", exif=exif(orientation=orientation))
    assert difference(decode(photo).pixels, skin()) < CLOSE


def test_of_a_heic_with_several_images_the_primary_one_is_taken() -> None:
    other = Image.new("RGB", (40, 30), "blue")
    photo = encode(skin(), "HEIF", save_all=True, append_images=[other], primary_index=0)
    assert decode(photo).pixels.shape == skin().shape
    photo = encode(other, "HEIF", save_all=True, append_images=[Image.fromarray(skin())], primary_index=1)
    assert difference(decode(photo).pixels, skin()) < CLOSE


@pytest.mark.parametrize("kind", ["MPO", "WEBP", "PNG", "TIFF", "AVIF"])
def test_of_several_frames_the_first_is_taken(kind: str) -> None:
    second = Image.new("RGB", (160, 96), "blue")
    photo = encode(skin(), kind, save_all=True, append_images=[second])
    assert difference(decode(photo).pixels, skin()) < CLOSE


def test_a_size_that_is_too_large_is_refused_before_anything_is_decoded() -> None:
    assert reason_of(b"\xff\xd8\xff" + bytes(MAX_BYTES)) is Reason.TOO_LARGE


def test_a_bomb_of_a_hundred_megapixels_is_refused_by_its_header() -> None:
    bomb = png_bomb(10_000, 10_000)
    assert len(bomb) < 1_000_000
    assert reason_of(bomb) is Reason.TOO_MANY_PIXELS
    assert reason_of(bomb[:64]) is Reason.TOO_MANY_PIXELS  # nothing but the header is there


def test_a_heic_that_announces_too_many_pixels_is_refused_by_its_header() -> None:
    photo = encode(skin(96, 160), "HEIF")
    size = struct.pack(">II", 160, 96)
    assert size in photo
    assert reason_of(photo.replace(size, struct.pack(">II", 16_000, 9_600))) is Reason.TOO_MANY_PIXELS


def test_fifty_megapixels_are_the_limit() -> None:
    assert reason_of(png_bomb(50_000, 1_001)) is Reason.TOO_MANY_PIXELS
    assert decode(png_bomb(50_000, 100)).pixels.shape == (100, 50_000, 3)


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_without_its_end_marker_is_whole(progressive: bool) -> None:
    photo = encode(skin(), "JPEG", progressive=progressive)
    decoded = decode(photo[:-2])
    assert decoded.truncated
    assert np.array_equal(decoded.pixels, decode(photo).pixels)


def noisy(height: int, width: int) -> np.ndarray:
    """A picture whose rows take the same number of bytes everywhere."""
    return np.random.default_rng(1).integers(90, 160, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_jpeg_that_lacks_its_last_rows_is_accepted_without_them(orientation: int) -> None:
    photo = encode(noisy(640, 320), "JPEG", exif=exif(orientation=orientation))
    decoded = decode(photo[: int(len(photo) * 0.95)])
    whole = decode(photo).pixels
    assert decoded.truncated
    if orientation == 1:
        rows = decoded.pixels.shape[0]
        expected = whole[:rows]
    else:  # the last rows stored are the left columns shown
        rows = decoded.pixels.shape[1]
        expected = whole[:, -rows:]
    assert 580 <= rows < 640
    assert np.array_equal(decoded.pixels, expected)


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_that_lacks_more_is_refused(progressive: bool) -> None:
    photo = encode(noisy(640, 320), "JPEG", progressive=progressive)
    for share in (0.02, 0.3, 0.6):
        assert reason_of(photo[: int(len(photo) * share)]) is Reason.DAMAGED


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF", "AVIF", "TIFF"])
def test_any_other_format_that_ends_early_is_refused(kind: str, share: float) -> None:
    photo = encode(noisy(200, 200), kind)
    assert reason_of(photo[: int(len(photo) * share)]) is Reason.DAMAGED


def test_a_heic_that_ends_inside_its_second_image_is_refused_though_the_first_is_there() -> None:
    # libheif reads what is there and makes up the rest: of real photos, grey tiles where the file ended.
    photo = encode(skin(), "HEIF", save_all=True, append_images=[Image.fromarray(noisy(200, 200))], primary_index=0)
    decode(photo)
    assert reason_of(photo[:-100]) is Reason.DAMAGED


def test_a_heic_whose_primary_image_cannot_be_read_is_refused_not_replaced_by_another() -> None:
    photo = encode(skin(), "HEIF", save_all=True, append_images=[Image.new("RGB", (40, 30), "blue")], primary_index=0)
    start = photo.index(b"hvcC")  # the first image's description
    assert reason_of(photo[:start] + b"none" + photo[start + 4 :]) is Reason.DAMAGED


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF"])
def test_noise_behind_a_good_beginning_is_refused_not_raised(kind: str) -> None:
    photo = encode(noisy(64, 64), kind)
    noise = np.random.default_rng(2).bytes(len(photo))
    for start in (16, 40, 200):
        try:
            decode(photo[:start] + noise[start:])
        except Refused as refusal:
            assert refusal.reason in (Reason.DAMAGED, Reason.TOO_MANY_PIXELS, Reason.NOT_A_PHOTO)


def test_a_raw_photo_in_a_tiff_is_refused_not_shown_as_its_thumbnail() -> None:
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    tags = ImageFileDirectory_v2()
    tags[50706] = b"\x01\x04\x00\x00"
    tags.tagtype[50706] = 1
    with pytest.raises(Refused) as refusal:
        decode(encode(skin(), "TIFF", tiffinfo=tags))
    assert (refusal.value.reason, refusal.value.looks_like) == (Reason.NOT_A_PHOTO, "camera raw photo")


def test_an_eps_is_never_handed_to_ghostscript() -> None:
    eps = encode(skin(), "EPS")
    with pytest.raises(Refused) as refusal:
        decode(eps)
    assert refusal.value.looks_like == "PostScript or EPS"
