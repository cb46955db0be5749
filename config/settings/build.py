"""For `collectstatic` while an image is built: no secret, no service."""

from .base import *

SECRET_KEY = "only-for-collecting-static-files"  # noqa: S105
