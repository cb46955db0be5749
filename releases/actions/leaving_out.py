"""Taking withdrawn cases out of a release that is being prepared."""

from collections.abc import Iterable

from releases.actions import storing
from releases.gathering import released_image
from releases.models import Release, ReleaseItem


def leave_out(release: Release, items: Iterable[ReleaseItem]) -> int:
    """Delete what a frozen release holds of these cases: images, tables that an attempt has written, and the items.

    How many items. Objects go first, so that a call that was cut off can be repeated. Raises core.storage.Unavailable.
    """
    unwanted = list(items)
    if not unwanted:
        return 0
    images = [released_image(image).path for item in unwanted for image in item.case.images.all()]
    tables = [path for path in storing.paths(release) if not path.startswith(storing.IMAGES)]
    storing.discard(release, [*tables, *images])
    ReleaseItem.objects.filter(pk__in=[item.pk for item in unwanted]).delete()
    return len(unwanted)
