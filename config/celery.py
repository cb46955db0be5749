"""The doorbell's other end."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")

app = Celery("contrib_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["core", "audit", "contrib_portal", "privacy", "labeling", "releases"])
