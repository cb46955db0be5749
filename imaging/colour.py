"""From whatever colours a file holds to 8-bit sRGB, before its profile is dropped.

A Display P3 profile dropped without converting shifts skin by a mean ΔE2000 of 1.3.
"""

from contextlib import suppress
from io import BytesIO
from typing import cast

import numpy as np
from PIL import Image, ImageCms

from imaging.results import Reason, Refused


def to_srgb(image: Image.Image) -> Image.Image:
    """The image in mode RGB, sRGB, alpha composited on white.

    An embedded ICC profile is honoured where it fits the pixels, with the perceptual intent that viewers use. Sixteen
    bits are scaled to eight. Raises Refused(NOT_A_PHOTO) for pixels that are measurements: 32-bit integers and floats.
    """
    profile = image.info.get("icc_profile")
    image = _eight_bit(image)
    alpha = image.getchannel("A") if image.mode in ("RGBA", "LA") else None
    if alpha is not None:
        image = image.convert(image.mode[:-1])
    image = _convert(image, profile)
    if alpha is None:
        return image
    return Image.composite(image, Image.new("RGB", image.size, "white"), alpha)


def _eight_bit(image: Image.Image) -> Image.Image:
    """One of the modes L, LA, RGB, RGBA, CMYK, LAB; palettes resolved, transparency as an alpha channel."""
    if image.mode.startswith("I;16"):
        # Pillow clips to 255 where it converts this mode; 65535 / 257 = 255.
        wide = np.asarray(image).astype(np.uint32)
        return Image.fromarray(((wide + 128) // 257).astype(np.uint8))
    if image.mode in ("I", "F"):
        raise Refused(Reason.NOT_A_PHOTO, "32-bit measurements")
    if image.mode in ("L", "RGB", "1", "P") and "transparency" in image.info:
        return image.convert("RGBA" if image.mode in ("RGB", "P") else "LA")
    direct = {"1": "L", "P": "RGB", "PA": "RGBA", "La": "LA", "RGBa": "RGBA", "RGBX": "RGB", "YCbCr": "RGB"}
    return image.convert(direct[image.mode]) if image.mode in direct else image


def _convert(image: Image.Image, icc: bytes | None) -> Image.Image:
    """RGB in sRGB, of an image without alpha. A profile that is broken or is for other pixels is ignored."""
    source = _profile(icc, image.mode)
    if source is None:
        return image.convert("RGB")
    try:
        return _grey_to_srgb(image, source) if image.mode == "L" else _transform(image, source)
    except ImageCms.PyCMSError:
        return image.convert("RGB")


def _grey_to_srgb(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    """Grey through a table of its 256 values: LittleCMS's own shortcut errs by up to 10 levels in the shadows."""
    ramp = Image.fromarray(np.arange(256, dtype=np.uint8).reshape(1, 256))
    table = _transform(ramp, source, ImageCms.Flags.NOOPTIMIZE)
    return Image.merge("RGB", [image.point(list(channel.tobytes())) for channel in table.split()])


def _transform(
    image: Image.Image,
    source: ImageCms.ImageCmsProfile,
    flags: ImageCms.Flags = ImageCms.Flags.HIGHRESPRECALC,
) -> Image.Image:
    converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB", flags=flags)
    return cast(Image.Image, converted)  # None only where it works in place


def _profile(icc: bytes | None, mode: str) -> ImageCms.ImageCmsProfile | None:
    if icc:
        with suppress(OSError):
            return ImageCms.ImageCmsProfile(BytesIO(icc))
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")) if mode == "LAB" else None
