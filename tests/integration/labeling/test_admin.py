"""What administrators see of labels: those of cases that may still be seen."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from core.models import User
from labeling.actions import grading, labeling
from labeling.actions.assigning import claim
from labeling.models import Label, LabelTask, SkinToneEstimate
from privacy.models import Case
from tests.factories import cases

from .conftest import answers


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_labels_and_estimates_of_a_withdrawn_case_are_hidden_before_they_are_erased(
    client: Client,
    case: Case,
    task: LabelTask,
    dermatologist: User,
    grader: Callable[[str], User],
    now: datetime,
    is_withdrawn: bool,
) -> None:
    lay = grader("us")
    held, graded = claim(labeler=dermatologist, at=now), grading.claim(grader=lay, at=now)
    assert held is not None and graded is not None
    labeling.submit(token=held.token, labeler=dermatologist, answers=answers(), at=now)
    grading.submit(token=graded.token, grader=lay, monk=None, difficult=False, at=now)
    client.force_login(User.objects.create_superuser(username="root", email="root@example.org"))
    if is_withdrawn:
        cases.withdraw(case, at=now)

    for model, row in (("label", Label.objects.get()), ("skintoneestimate", SkinToneEstimate.objects.get())):
        listed = client.get(reverse(f"admin:labeling_{model}_changelist"))
        assert listed.context["cl"].result_count == (0 if is_withdrawn else 1)
        opened = client.get(reverse(f"admin:labeling_{model}_change", args=[row.pk]))
        assert opened.status_code == (302 if is_withdrawn else 200)
