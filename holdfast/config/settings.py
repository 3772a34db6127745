"""Django's settings, made from the environment; nothing is read from anywhere else."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from holdfast.config.environment import Environment, read_environment

ENVIRONMENT: Environment = read_environment(os.environ, Path.cwd())

# --- what is ours ---------------------------------------------------------------------------------------------------
HOLDFAST_DATA: Path = ENVIRONMENT.data
HOLDFAST_MASTER_KEY: str | None = ENVIRONMENT.master_key
HOLDFAST_MAIL_URL: str | None = ENVIRONMENT.mail_url
HOLDFAST_PUBLIC_URL: str = ENVIRONMENT.public_url
HOLDFAST_DEMO: bool = ENVIRONMENT.demo
HOLDFAST_NUMBERS: dict[str, str] = dict(ENVIRONMENT.numbers)

# --- rooms ----------------------------------------------------------------------------------------------------------
INSTALLED_APPS: list[str] = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "holdfast.pathways",
    "holdfast.directory",
    "holdfast.people",
    "holdfast.ledger",
    "holdfast.inbox",
    "holdfast.worklists",
    "holdfast.clocks",
    "holdfast.capacity",
    "holdfast.deliveries",
    "holdfast.desk",
    "holdfast.doors.api",
    "holdfast.doors.partner",
    "holdfast.doors.web",
]
MIDDLEWARE: list[str] = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "holdfast.config.headers.SafeHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "holdfast.doors.web.sessions.SignedIn",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "holdfast.config.urls"
WSGI_APPLICATION = "holdfast.config.wsgi.application"

# --- record ---------------------------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {"default": {**ENVIRONMENT.database, "ATOMIC_REQUESTS": False}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "directory.Account"
PASSWORD_HASHERS: list[str] = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "signin"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "signin"

# --- pages ----------------------------------------------------------------------------------------------------------
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "holdfast.doors.web.surroundings.surroundings",
            ],
        },
    },
]
STATIC_URL = "static/"
# Served from where they lie in the packages: a user of Holdfast has no build step.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = ENVIRONMENT.debug
WHITENOISE_MAX_AGE = 0 if ENVIRONMENT.debug else 3600

# --- safety of the door ---------------------------------------------------------------------------------------------
DEBUG: bool = ENVIRONMENT.debug
SECRET_KEY: str = ENVIRONMENT.secret_key
_PUBLIC = urlsplit(ENVIRONMENT.public_url)
_OVER_TLS = _PUBLIC.scheme == "https"
ALLOWED_HOSTS: list[str] = [_PUBLIC.hostname or "", "127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS: list[str] = [ENVIRONMENT.public_url]
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _OVER_TLS
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
HOLDFAST_IDLE_SECONDS: int = ENVIRONMENT.idle_minutes * 60
CSRF_FAILURE_VIEW = "holdfast.doors.web.errors.forged"
# Failed sign-ins are counted here, by each process for itself.
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _OVER_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _OVER_TLS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": browsers then send "Origin: null" with a form, which the forgery check must refuse.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Sub-domains are the operator's own business: they may serve something else, and not over TLS.
SILENCED_SYSTEM_CHECKS: list[str] = ["security.W005", "security.W021"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 11 * 1024 * 1024

# --- logs: never a request's body, a person's name or a query's values ----------------------------------------------
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "holdfast.config.logs.Discreet", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "filters": {"no-addresses": {"()": "holdfast.config.logs.NoAddresses"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no-addresses"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "holdfast": {"level": "INFO"},
        # Django's own handlers write addresses and mail whole requests.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.db.backends": {"level": "WARNING"},
    },
}
