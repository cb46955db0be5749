"""What every change of a draft begins with."""

from contrib_portal.models import Contribution


class NotADraft(Exception):
    """The contribution was sent, taken back, or has run out: nothing in it changes any more."""


def lock(*, contribution: Contribution) -> Contribution:
    """The contribution as it is now, locked until the transaction ends. Raises NotADraft."""
    locked = Contribution.objects.select_for_update(no_key=True).get(pk=contribution.pk)
    if locked.status != Contribution.Status.DRAFT:
        raise NotADraft(f"Contribution {locked.pk} is {locked.status}")
    return locked
