"""Settings, URLs and processes: the one package that knows all rooms."""

from .celery import app as celery_app

__all__ = ["celery_app"]
