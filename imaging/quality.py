"""How sharp and how bright a photo is, and the advice that follows.

Measured on a grey copy of 768 px on its long edge, so that the numbers do not depend on the camera's resolution. On
photographs blurred on purpose this sharpness tells light blur from none with an AUC of .90, strong blur with 1.0.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imaging.results import Advice

MEASURED_EDGE: Final = 768
"""Long edge of the grey copy, pixels. Smaller photos are measured as they are."""

BLURRED_BELOW: Final = 8.0
"""Sharpness. Low on purpose: a close-up of smooth skin in perfect focus has little to be sharp about."""

TOO_DARK_BELOW: Final = 0.09
"""Exposure. Below evenly lit skin of the darkest Monk tone (0.14), which must never be called too dark."""

TOO_BRIGHT_ABOVE: Final = 0.35
"""Share of blown pixels. Above what a sheet of white paper at the side of a photo makes."""

BLOWN: Final = 252
"""Luminance (0..255) from which a pixel counts as blown. The lightest Monk tone lies at 238."""


@dataclass(frozen=True, kw_only=True)
class Quality:
    """`sharpness`: variance of the Laplacian, squared grey levels, 0 upward (ordinary photographs: 100 to 6000; the same
    blurred by a Gaussian of 2 px: 3 to 13).

    `exposure`: mean luminance (Rec. 601 of the sRGB values), 0 black to 1 white. `blown`: share of pixels, 0 to 1, that
    are white or nearly so.
    """

    sharpness: float
    exposure: float
    blown: float


def measure(pixels: NDArray[np.uint8]) -> Quality:
    """Quality of an upright sRGB image of shape (height, width, 3)."""
    image = Image.fromarray(pixels)
    image.thumbnail((MEASURED_EDGE, MEASURED_EDGE), Image.Resampling.BOX, reducing_gap=None)
    grey = np.asarray(image.convert("L"), dtype=np.float32)
    return Quality(
        sharpness=_laplacian_variance(grey),
        exposure=float(grey.mean()) / 255,
        blown=float((grey >= BLOWN).mean()),
    )


def advice(quality: Quality) -> tuple[Advice, ...]:
    """What to tell the contributor; empty where the photo is fine. Blur is not judged where light is missing."""
    if quality.exposure < TOO_DARK_BELOW:
        return (Advice.TOO_DARK,)
    if quality.blown > TOO_BRIGHT_ABOVE:
        return (Advice.TOO_BRIGHT,)
    return (Advice.BLURRED,) if quality.sharpness < BLURRED_BELOW else ()


def _laplacian_variance(grey: NDArray[np.float32]) -> float:
    if min(grey.shape) < 3:
        return 0.0
    inner = grey[1:-1, 1:-1]
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * inner
    return float(laplacian.var())
