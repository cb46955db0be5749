"""A bell, not a queue: what it loses, the next minute's ring makes good."""

import logging
from typing import Any

import pytest
from celery import Celery, current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from core.doorbell import ring

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What Celery was asked to send."""
    messages: list[tuple[Any, ...]] = []
    monkeypatch.setattr(Celery, "send_task", lambda self, *args, **options: messages.append((args, options)))
    return messages


def test_it_rings_after_the_commit_without_arguments(
    sent: list[tuple[Any, ...]], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ring("case-opened")
        assert sent == []

    assert sent == [(("privacy.tasks.check_images",), {"ignore_result": True})]


def test_what_is_rolled_back_does_not_ring(
    sent: list[tuple[Any, ...]], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError), transaction.atomic():
        ring("case-opened")
        raise RuntimeError

    assert sent == []


def test_a_name_that_nobody_answers_to_is_refused_at_once() -> None:
    with pytest.raises(KeyError):
        ring("nobody")


def test_a_broker_that_is_away_is_logged_and_not_shown(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(self: Celery, *args: Any, **options: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(Celery, "send_task", refuse)
    with caplog.at_level(logging.WARNING, "core.doorbell"), django_capture_on_commit_callbacks(execute=True):
        ring("case-opened")

    assert "privacy.tasks.check_images did not ring: OperationalError" in caplog.text


def test_with_nothing_at_the_brokers_address_the_page_goes_on_soon(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    caplog: pytest.LogCaptureFixture,
) -> None:
    nowhere = Celery("nowhere", broker="redis://127.0.0.1:1/0", set_as_current=False)
    nowhere.conf.update(
        task_publish_retry=settings.CELERY_TASK_PUBLISH_RETRY,
        broker_transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS,
    )
    before = current_app._get_current_object()
    nowhere.set_current()
    try:
        with caplog.at_level(logging.WARNING, "core.doorbell"), django_capture_on_commit_callbacks(execute=True):
            ring("case-opened")
    finally:
        before.set_current()

    assert "did not ring" in caplog.text
