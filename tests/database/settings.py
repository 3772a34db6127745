"""Django's settings for tests: the real ones, with a quick password hasher and the chosen database engine."""

import os

os.environ.setdefault("HOLDFAST_SECRET_KEY", "for-tests-only-" + "0" * 50)
ENGINE = os.environ.get("HOLDFAST_TEST_DATABASE", "sqlite")
os.environ["HOLDFAST_DATABASE_URL"] = {
    # Never opened: tests/database/fixtures.py names the true place before the first connection.
    "sqlite": "sqlite:////nonexistent/holdfast-tests.sqlite3",
    "postgres": "postgres://holdfast_app@127.0.0.1:1/not_yet",
}[ENGINE]

from holdfast.config.settings import *  # noqa: E402, F403
from holdfast.config.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DURABLE = os.environ.get("HOLDFAST_TEST_DURABLE") == "1"
if ENGINE == "sqlite" and not DURABLE:
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
