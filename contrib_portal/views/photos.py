"""One photo per page; our own cleaned thumbnail comes back."""

import uuid
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from contrib_portal import journey, queries, wording
from contrib_portal.actions import photographing
from contrib_portal.forms import PhotoForm
from contrib_portal.models import Contribution, Image
from contrib_portal.views import returning, visit
from core import ratelimit
from imaging.results import MAX_BYTES, Reason

AN_HOUR = timedelta(hours=1)
PHOTOS_OF_A_DRAFT = 30
PHOTOS_OF_AN_ADDRESS = 300  # a whole clinic may share one


@require_http_methods(["GET", "HEAD", "POST"])
@visit.with_draft
def photo(request: HttpRequest, *, shot: journey.Shot, contribution: Contribution) -> HttpResponseBase:
    """`/photo/…`: asks for the photo, or shows the one there is. `?another` asks again."""
    if request.method == "POST":
        if "remove" in request.POST:
            photographing.remove(contribution=contribution, shot_type=shot.shot_type, at=timezone.now())
            return redirect(returning.here(request, shot))
        return _receive(request, shot, contribution)
    image = queries.live_image(contribution, shot.shot_type)
    if image is None or "another" in request.GET:
        return _ask(request, shot, PhotoForm(initial={"upload_id": uuid.uuid4()}), image)
    context = _context(request, shot) | {"advice": [wording.ADVICE[code] for code in image.advice]}
    return render(request, "contrib_portal/photo_taken.html", context)


def _receive(request: HttpRequest, shot: journey.Shot, contribution: Contribution) -> HttpResponseBase:
    image = queries.live_image(contribution, shot.shot_type)
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _ask(request, shot, form, image, status=422)
    try:
        _count(request, contribution)
        photographing.receive(
            contribution=contribution,
            shot_type=shot.shot_type,
            upload_id=form.cleaned_data["upload_id"],
            file=form.cleaned_data["photo"],
            at=timezone.now(),
        )
    except photographing.PhotoRefused as refused:
        form.add_error("photo", str(wording.REFUSALS[refused.reason]))
        return _ask(request, shot, form, image, status=422)
    except ratelimit.TooMany:
        form.add_error("photo", _("Many photos came in a short time. Wait an hour, then go on: nothing is lost."))
        return _ask(request, shot, form, image, status=429)
    except photographing.StorageDown:
        return _ask(request, shot, form, image, is_storage_down=True, status=503)
    return redirect(returning.here(request, shot))


def _count(request: HttpRequest, contribution: Contribution) -> None:
    """A photo costs seconds of a processor and lasting storage. Raises ratelimit.TooMany."""
    at = timezone.now()
    draft, address = f"draft {contribution.pk}", f"address {ratelimit.address(request)}"
    ratelimit.hit(scope="photo", identity=draft, limit=PHOTOS_OF_A_DRAFT, window=AN_HOUR, at=at)
    ratelimit.hit(scope="photo", identity=address, limit=PHOTOS_OF_AN_ADDRESS, window=AN_HOUR, at=at)


def _ask(
    request: HttpRequest,
    shot: journey.Shot,
    form: PhotoForm,
    image: Image | None,
    *,
    is_storage_down: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = _context(request, shot) | {
        "form": form,
        "image": image,
        "is_storage_down": is_storage_down,
        "largest": MAX_BYTES,
        "too_large": wording.REFUSALS[Reason.TOO_LARGE],
    }
    return render(request, "contrib_portal/photo.html", context, status=status)


def _context(request: HttpRequest, shot: journey.Shot) -> dict[str, Any]:
    return {
        "shot": shot,
        "number": journey.SHOTS.index(shot) + 1,
        "of": len(journey.SHOTS),
        "preview": journey.url(shot.preview_name),
        "here": returning.here(request, shot),
        "another": returning.here(request, shot, another="1"),
        "next": returning.after(request, shot),
        "back": returning.before(request, shot),
    }


@require_safe
@visit.with_draft
def preview(request: HttpRequest, *, shot: journey.Shot, contribution: Contribution) -> HttpResponse:
    """`/photo/…/preview`: the thumbnail, for this browser alone."""
    image = queries.live_image(contribution, shot.shot_type)
    if image is None:
        raise Http404
    try:
        jpeg = photographing.thumbnail(image=image)
    except photographing.StorageDown:
        return HttpResponse(status=503)
    return HttpResponse(jpeg, content_type="image/jpeg", headers={"Content-Disposition": "inline; filename=photo.jpg"})
