"""What the two pages share: the photos of a case in their fixed places, and the bytes of one of them."""

from dataclasses import dataclass
from typing import cast

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from core.models import User
from core.roles import Role, for_role
from core.vocabulary import ShotType
from labeling import queries
from privacy.models import Case
from privacy.queries import ImageNotThere, image_stream, images_of

NAMES = {
    ShotType.CLOSE_UP: _("Close-up"),
    ShotType.AT_AN_ANGLE: _("At an angle"),
    ShotType.AT_DISTANCE: _("From a distance"),
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a shot hangs, always the same; `url` is "" where there is no such photo. Sizes in pixels."""

    shot: str
    name: str | Promise
    url: str = ""
    width: int = 0
    height: int = 0


def hanging(case: Case) -> list[Place]:
    """Close-up, angle, distance: three places, some of them empty."""
    images = {image.shot_type: image for image in images_of(case)}
    places = []
    for shot, name in NAMES.items():
        image = images.get(shot.value)
        if image is None:
            places.append(Place(shot=shot.value, name=name))
        else:
            url = reverse("labeling:image", args=[image.image_id])
            places.append(Place(shot=shot.value, name=name, url=url, width=image.width, height=image.height))
    return places


@for_role(Role.DERMATOLOGIST, Role.SKIN_TONE_GRADER)
@require_GET
def image(request: HttpRequest, image_id: str) -> HttpResponseBase:
    """The clean PNG, for whoever holds its case now."""
    found = queries.image_on_loan(image_id=int(image_id), person=cast(User, request.user), at=timezone.now())
    if found is None:
        raise Http404("not on loan")
    try:
        pieces = image_stream(found)
    except ImageNotThere as gone:
        raise Http404("not stored") from gone
    return StreamingHttpResponse(
        pieces,
        content_type="image/png",
        headers={"Content-Length": str(found.size), "Cache-Control": "private, no-store"},
    )
