"""Rate limits in PostgreSQL, which forget whom they counted."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from pytest_django import Settings

from core import ratelimit
from core.models import RateWindow
from core.ratelimit import TooMany

pytestmark = pytest.mark.django_db
WINDOW = timedelta(minutes=15)


def hit(at: datetime, identity: str = "203.0.113.7", scope: str = "receipt", limit: int = 3) -> None:
    ratelimit.hit(scope=scope, identity=identity, limit=limit, window=WINDOW, at=at)


def test_the_limit_is_allowed_and_one_more_is_not(now: datetime) -> None:
    for _ in range(3):
        hit(now)

    with pytest.raises(TooMany) as refused:
        hit(now + timedelta(minutes=14, seconds=59))

    assert refused.value.retry_at == now + WINDOW


def test_the_next_window_begins_anew(now: datetime) -> None:
    for _ in range(3):
        hit(now + WINDOW - timedelta(seconds=1))

    hit(now + WINDOW)


def test_others_and_other_things_are_counted_apart(now: datetime) -> None:
    for _ in range(3):
        hit(now)

    hit(now, identity="203.0.113.8")
    hit(now, scope="upload")


def test_no_address_is_in_the_table_and_tomorrow_it_has_another_digest(now: datetime) -> None:
    hit(now)
    hit(now + timedelta(days=1))

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row_to_json(w)::text, ' ') FROM core_ratewindow w")
        everything = cursor.fetchone()[0]
    assert "203" not in everything.replace("2026", "")
    assert "113.7" not in everything
    assert len(set(RateWindow.objects.values_list("digest", flat=True))) == 2


def test_old_windows_are_forgotten_and_the_present_one_is_kept(now: datetime) -> None:
    hit(now - timedelta(days=2))
    hit(now)

    assert ratelimit.forget(before=now - timedelta(days=1)) == 1
    assert RateWindow.objects.get().opened_at == now


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_hits_at_the_same_moment_are_all_counted(now: datetime) -> None:
    refused: list[TooMany] = []
    start = threading.Barrier(4)

    def knock() -> None:
        start.wait()
        for _ in range(5):
            try:
                hit(now, limit=12)
            except TooMany as error:
                refused.append(error)
        connection.close()

    threads = [threading.Thread(target=knock) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert RateWindow.objects.get().hits == 20
    assert len(refused) == 8


def test_a_header_about_the_address_counts_only_behind_our_proxy(settings: Settings) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="198.51.100.1", HTTP_X_REAL_IP="203.0.113.7")

    settings.TRUST_REAL_IP = False
    assert ratelimit.address(request) == "198.51.100.1"
    settings.TRUST_REAL_IP = True
    assert ratelimit.address(request) == "203.0.113.7"
