"""Settings that hold everywhere. Everything that differs between sites comes from the environment."""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import pipeline
from config.services import CREDENTIAL_NAMES, var_dir

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = var_dir()


def _between(lowest: int, highest: int, name: str, default: int) -> int:
    value: int = env.int(name, default=default)
    if not lowest <= value <= highest:
        raise ImproperlyConfigured(f"{name} is {value}: set it to a number from {lowest} to {highest}.")
    return value


# The study ------------------------------------------------------------------------------------------------------------

STUDY = {
    "name": env.str("STUDY_NAME", default="Skin Image Study"),
    "organisation": env.str("STUDY_ORGANISATION", default="Example University"),
    "contact_email": env.str("STUDY_CONTACT_EMAIL", default="study@example.org"),
    "country": env.str("STUDY_COUNTRY", default="the United States"),
    # SCIN's `source` and `year`: the same for every row of a release.
    "source": env.str("STUDY_SOURCE", default="CONTRIB_PORTAL"),
    "year": env.int("STUDY_YEAR", default=2026),
    "minimum_age": 18,
    # SCIN's tables have three slots for readers.
    "labels_per_case": _between(1, 3, "LABELS_PER_CASE", 1),
    "conditions_per_label": _between(1, 5, "CONDITIONS_PER_LABEL", 5),
    "skin_tone_pools": tuple(env.list("SKIN_TONE_POOLS", default=["india", "us"])),
    "k_anonymity": _between(2, 1000, "K_ANONYMITY", 10),
}
LEASE = timedelta(minutes=15)

# Django ---------------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config",
    "core",
    "audit",
    "contrib_portal",
    "privacy",
    "labeling",
    "releases",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.middleware.require_second_factor",
    "core.middleware.keep_out_of_caches",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.study",
                "core.context_processors.staff_pages",
            ],
        },
    }
]
FORM_RENDERER = "core.rendering.PortalRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(VAR_DIR / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # no file of ours lies on a disk
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Services -------------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default="postgresql://127.0.0.1:1/not-configured")}
DATABASES["default"]["OPTIONS"] = {"application_name": "contrib-portal"}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
S3_ENDPOINT_URL = env.str("S3_ENDPOINT_URL", default="http://127.0.0.1:1")
S3_REGION = env.str("S3_REGION", default="us-east-1")
# One identity for each place: the one that reads clean images is refused on originals. The privacy line, in S3.
S3_PLACES = {
    place: {
        "bucket": env.str(f"S3_{place.upper()}_BUCKET", default=place),
        "access_key": env.str(key_name, default=""),
        "secret_key": env.str(secret_name, default=""),
    }
    for place, (key_name, secret_name) in CREDENTIAL_NAMES.items()
}

# What each room does for the others: see config/pipeline.py -----------------------------------------------------------

DOORBELLS = pipeline.DOORBELLS
PROGRESS = pipeline.PROGRESS
ERASERS = pipeline.ERASERS
QUESTIONS = pipeline.QUESTIONS
HEALTH = pipeline.HEALTH
STAFF_PAGES = pipeline.STAFF_PAGES

CELERY_BROKER_URL = env.str("REDIS_URL", default="redis://127.0.0.1:1/0")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,  # above the time limit, or a running task is delivered twice
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a broker that is away for an hour is waited for
CELERY_BEAT_SCHEDULE = pipeline.beat_schedule()
CELERY_TASK_PUBLISH_RETRY = False  # a lost ring costs a minute; a page must not wait for a broker
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# Sign-in (staff alone have accounts) ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "staff"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "core.accounts.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = STUDY["name"]
MFA_TOTP_TOLERANCE = 1  # the code before and after: phones' clocks differ, and people type
SECOND_FACTOR_REQUIRED = True
TRUST_REAL_IP = env.bool("TRUST_REAL_IP", default=False)  # behind the nginx of docker-compose.yml: true
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP" if TRUST_REAL_IP else None

# Headers --------------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],  # data: the QR code of the second factor; blob: a photo before it is sent
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 7 * 24 * 3600
CSRF_FAILURE_VIEW = "core.views.session_ended"
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Logs name the page and the outcome, never an answer, a code or an address --------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"botocore": {"level": "WARNING"}, "urllib3": {"level": "WARNING"}, "PIL": {"level": "WARNING"}},
}
