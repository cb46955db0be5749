"""Colours are what the file meant, in sRGB, whatever it held."""

import numpy as np
import pytest
from PIL import Image, ImageCms

from imaging.decode import decode
from imaging.results import Reason, Refused
from tests.unit.imaging.pictures import display_p3, encode, linear_grey, skin, srgb_of_light, srgb_of_p3


def worst(pixels: np.ndarray, expected: np.ndarray) -> float:
    """Largest difference, levels."""
    assert pixels.shape == expected.shape
    return float(np.abs(pixels.astype(float) - expected).max())


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "JPEG", "AVIF", "HEIF"])
def test_display_p3_is_converted_before_its_profile_is_dropped(kind: str) -> None:
    pixels = decode(encode(skin(), kind, icc_profile=display_p3())).pixels
    expected = srgb_of_p3(skin())
    assert np.abs(expected - skin()).mean() > 4  # it would be seen if it were not converted
    assert np.abs(pixels - expected).mean() < 1.5
    if kind in ("PNG", "WEBP", "TIFF"):
        assert worst(pixels, expected) <= 1.5


def test_grey_with_a_profile_is_converted() -> None:
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    pixels = decode(encode(grey, "PNG", icc_profile=linear_grey())).pixels
    expected = srgb_of_light(np.stack([grey] * 3, axis=-1) / 255)
    assert worst(pixels, expected) <= 2


@pytest.mark.parametrize("profile", [b"not a profile", linear_grey(), display_p3()[:200]])
def test_a_profile_that_is_broken_or_of_other_pixels_is_ignored(profile: bytes) -> None:
    assert np.array_equal(decode(encode(skin(), "PNG", icc_profile=profile)).pixels, skin())


def test_a_profile_of_colours_in_a_grey_file_is_ignored() -> None:
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    pixels = decode(encode(grey, "PNG", icc_profile=display_p3())).pixels
    assert np.array_equal(pixels, np.stack([grey] * 3, axis=-1))


def test_sixteen_bits_are_scaled_not_clipped() -> None:
    wide = np.linspace(0, 65535, 64 * 64).round().astype(np.uint16).reshape(64, 64)
    expected = np.stack([wide / 257] * 3, axis=-1)
    for kind in ("PNG", "TIFF"):
        assert worst(decode(encode(wide, kind)).pixels, expected) <= 0.5


def test_alpha_lies_on_white() -> None:
    alpha = np.linspace(0, 255, 96 * 160).round().astype(np.uint8).reshape(96, 160, 1)
    expected = skin() * (alpha / 255) + 255 * (1 - alpha / 255)
    for kind in ("PNG", "WEBP", "TIFF"):
        options = {"exact": True} if kind == "WEBP" else {}
        pixels = decode(encode(np.concatenate([skin(), alpha], axis=-1), kind, **options)).pixels
        assert worst(pixels, expected) <= 1


def test_alpha_of_a_wide_gamut_lies_on_white_after_the_conversion() -> None:
    half = np.full((96, 160, 1), 128, dtype=np.uint8)
    pixels = decode(encode(np.concatenate([skin(), half], axis=-1), "PNG", icc_profile=display_p3())).pixels
    assert worst(pixels, srgb_of_p3(skin()) * 128 / 255 + 255 * 127 / 255) <= 2


def test_palettes_keep_their_colours_and_their_transparency() -> None:
    picture = Image.new("P", (2, 1))
    picture.putpalette([200, 100, 50, 0, 0, 0])
    picture.putdata([0, 1])
    assert decode(encode(picture, "PNG")).pixels.tolist() == [[[200, 100, 50], [0, 0, 0]]]
    assert decode(encode(picture, "PNG", transparency=1)).pixels.tolist() == [[[200, 100, 50], [255, 255, 255]]]


def test_one_transparent_colour_lies_on_white() -> None:
    picture = Image.new("RGB", (2, 1), (1, 2, 3))
    picture.putpixel((1, 0), (200, 100, 50))
    assert decode(encode(picture, "PNG", transparency=(1, 2, 3))).pixels.tolist() == [[[255] * 3, [200, 100, 50]]]


def test_black_and_white_grey_and_grey_with_alpha_become_rgb() -> None:
    for mode in ("1", "L", "LA"):
        pixels = decode(encode(Image.new(mode, (8, 8), "white"), "PNG")).pixels
        assert pixels.shape == (8, 8, 3) and pixels.min() == 255


def test_cmyk_of_printers_becomes_rgb_and_is_not_inverted() -> None:
    picture = Image.fromarray(skin()).convert("CMYK")
    assert np.abs(decode(encode(picture, "JPEG")).pixels.astype(int) - skin()).mean() < 3
    assert worst(decode(encode(picture, "TIFF")).pixels, skin().astype(float)) <= 1


def test_lab_becomes_srgb() -> None:
    lab = ImageCms.profileToProfile(
        Image.fromarray(skin()), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert np.abs(decode(encode(lab, "TIFF")).pixels.astype(int) - skin()).mean() < 1.5


def test_measurements_are_no_photo() -> None:
    for mode in ("I", "F"):
        with pytest.raises(Refused) as refusal:
            decode(encode(Image.new(mode, (8, 8)), "TIFF"))
        assert refusal.value.reason is Reason.NOT_A_PHOTO
