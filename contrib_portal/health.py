"""What this room checks on itself."""

from datetime import datetime, timedelta

from django.conf import settings

from contrib_portal import queries
from contrib_portal.models import ConsentDocument, Withdrawal
from core import health, leases

A_WHILE = timedelta(hours=3)  # three rounds of the hourly tasks


def problems(at: datetime) -> list[str]:
    """A sentence for each thing that is wrong."""
    found = health.late(Withdrawal.objects.all(), at, "withdrawals")
    if failed := leases.exhausted(Withdrawal.objects.all(), at=at).count():
        found.append(f"{failed} withdrawals failed three times: somebody has to look, then run retry_withdrawals")
    a_while_ago = at - A_WHILE
    if slow := Withdrawal.objects.filter(erased_at=None, withdrawn_at__lte=a_while_ago).count():
        found.append(f"{slow} withdrawals are not erased after hours")
    if incomplete := queries.submitted_without_close_up().count():
        found.append(f"{incomplete} contributions were sent without a close-up photo")
    if forgotten := queries.forgotten_drafts(a_while_ago).count():
        found.append(f"{forgotten} drafts are older than seven days")
    if unerased := queries.expired_and_not_erased().filter(touched_at__lte=a_while_ago).count():
        found.append(f"{unerased} drafts have ended and are not erased")
    in_force = ConsentDocument.objects.filter(status=ConsentDocument.Status.EFFECTIVE)
    texts = set(in_force.values_list("language", flat=True))
    found += [f"no consent text is in force in {code}" for code, _ in settings.LANGUAGES if code not in texts]
    return found
