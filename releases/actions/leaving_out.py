"""Taking withdrawn cases out of a release that is not published."""

from collections.abc import Iterable

from releases.actions import storing
from releases.gathering import released_image
from releases.models import Release, ReleaseItem
from releases.schema import FILES


def leave_out(release: Release, items: Iterable[ReleaseItem]) -> int:
    """Delete what a release that is not published tells of these cases: images, tables and texts, and the items.

    How many items. Objects go first, so that a call that was cut off can be repeated. However large the release is, this
    is a call to the storage for each thousand images of these cases. Raises core.storage.Unavailable.
    """
    unwanted = list(items)
    if not unwanted:
        return 0
    images = [released_image(image).path for item in unwanted for image in item.case.images.all()]
    storing.discard(release, [*FILES, *images])
    ReleaseItem.objects.filter(pk__in=[item.pk for item in unwanted]).delete()
    return len(unwanted)
