"""Every answer carries the safe headers, and Django's own deployment checks find nothing to say."""

import os
import subprocess
import sys

import pytest
from django.test import Client

from tests.house.repository import ROOT


@pytest.mark.django_db
def test_every_answer_carries_the_safe_headers():
    answer = Client().get("/there-is-no-such-page")
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "HX-Request" in answer["Vary"]


def test_a_deployment_over_tls_has_nothing_left_to_mend(tmp_path):
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("HOLDFAST_", "DJANGO_"))},
        "HOLDFAST_PUBLIC_URL": "https://handoffs.example.org",
        "HOLDFAST_SECRET_KEY": "k" * 20 + "0123456789abcdefghijklmnopqrstuvwxyz",
        "HOLDFAST_DATA": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
