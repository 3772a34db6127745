"""The OpenAPI description as a page of the reference."""

from __future__ import annotations

import json
import os

PLACE = "docs/reference/openapi.json"


def pages() -> dict[str, str]:
    """The page, {path from the root: text}; the same whatever the installation, so no key of one is needed to make it."""
    import django

    os.environ.setdefault("HOLDFAST_SECRET_KEY", "only-to-make-the-reference-" + "0" * 30)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    django.setup()
    from holdfast.doors.api.endpoints import api

    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return {PLACE: json.dumps(schema, indent=1, sort_keys=True, default=str) + "\n"}
