"""The production settings, in a process of their own: what they insist on, and that Django finds nothing to warn of."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "k" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "RECEIPT_KEY": "r" * 50,
    "ALLOWED_HOSTS": "study.example.org",
    "DATABASE_URL": "postgresql://portal:x@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "S3_ENDPOINT_URL": "http://127.0.0.1:1",
    "EMAIL_URL": "smtp+tls://127.0.0.1:1",
    "STUDY_NAME": "A study",
    "STUDY_ORGANISATION": "A university",
    "STUDY_CONTACT_EMAIL": "study@example.org",
} | {f"S3_{place}_{half}_KEY": "x" for place in ("ORIGINALS", "CLEAN", "RELEASES") for half in ("ACCESS", "SECRET")}


def manage(*words: str, without: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in (COMPLETE | more).items() if name != without}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"} | environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deployment_check_warns_of_nothing():
    checked = manage("check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    assert "no issues (0 silenced)" in checked.stdout


def test_a_missing_setting_is_named_and_explained():
    checked = manage("check", without="RECEIPT_KEY")
    assert checked.returncode != 0
    assert "RECEIPT_KEY: " in checked.stderr and "Never change it" in checked.stderr
    assert "SECRET_KEY: 50" not in checked.stderr


def test_behind_nginx_failed_sign_ins_are_counted_for_each_address_and_not_for_all_of_them_as_one():
    said = manage("diffsettings", TRUST_REAL_IP="true").stdout
    assert "ALLAUTH_TRUSTED_CLIENT_IP_HEADER = 'X-Real-IP'" in said
    assert "ALLAUTH_TRUSTED_CLIENT_IP_HEADER = None" in manage("diffsettings").stdout


def test_every_missing_setting_is_named_at_once():
    checked = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings.production"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert all(f"  {name}: " in checked.stderr for name in COMPLETE if name != "DJANGO_SETTINGS_MODULE")


def test_a_number_out_of_its_range_is_refused_at_the_start():
    checked = manage("check", LABELS_PER_CASE="4")
    assert checked.returncode != 0
    assert "LABELS_PER_CASE is 4: set it to a number from 1 to 3." in checked.stderr
