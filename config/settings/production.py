"""A real study. Everything it needs is named when it is missing, all at once."""

import os

from django.core.exceptions import ImproperlyConfigured

from config.services import CREDENTIAL_NAMES

NEEDED = {
    "SECRET_KEY": "50 random characters; signs sessions",
    "RECEIPT_KEY": "50 random characters; turns receipt codes into what is stored. Never change it: codes would stop working",
    "ALLOWED_HOSTS": "the site's host names, separated by commas",
    "DATABASE_URL": "postgresql://user:password@host:5432/name",
    "REDIS_URL": "redis://host:6379/0",
    "S3_ENDPOINT_URL": "the URL of the S3 server",
    "EMAIL_URL": "smtp+tls://user:password@host:587; passwords of staff are reset by mail",
    "STUDY_NAME": "the name people read on every page",
    "STUDY_ORGANISATION": "who runs the study",
    "STUDY_CONTACT_EMAIL": "whom contributors can write to",
    **{name: f"S3 credential of the bucket “{place}”" for place, pair in CREDENTIAL_NAMES.items() for name in pair},
}
missing = {name: meaning for name, meaning in NEEDED.items() if not os.environ.get(name)}
if missing:
    raise ImproperlyConfigured(
        "These environment variables are not set (see .env.example):\n"
        + "\n".join(f"  {name}: {meaning}" for name, meaning in missing.items())
    )

from .base import *  # noqa: E402

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
RECEIPT_KEY = env.str("RECEIPT_KEY")
ALLOWED_HOSTS = [host.strip() for host in env.list("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # nginx sets it, and drops one that a visitor sent
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = ["^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
EMAIL_CONFIG = env.email_url("EMAIL_URL")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = STUDY["contact_email"]
