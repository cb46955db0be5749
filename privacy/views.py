"""Moderation: the queue, one case at a time, and its clean images. Originals are not shown anywhere."""

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.answers import ONE_OF, SOME_OF
from core.models import User
from core.roles import Role, for_role
from core.vocabulary import ShotType
from privacy import queries
from privacy.actions import admitting
from privacy.forms import ADMIT, ReviewForm
from privacy.models import Case, CaseImage

LISTED = 200
"""How many cases the queue shows at once."""

SHOT_NAMES = {
    ShotType.CLOSE_UP: gettext_lazy("Close-up"),
    ShotType.AT_AN_ANGLE: gettext_lazy("At an angle"),
    ShotType.AT_DISTANCE: gettext_lazy("From a distance"),
}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One image on the review page, with the images of other contributions that have the same pixels."""

    image: CaseImage
    shot: str | Promise
    copies: list[CaseImage]
    is_flagged: bool


@require_safe
@for_role(Role.MODERATOR)
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, oldest first."""
    waiting = queries.review_queue()
    return render(request, "privacy/queue.html", {"cases": waiting[:LISTED], "total": waiting.count()})


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.MODERATOR)
def review(request: HttpRequest, case_id: str) -> HttpResponse:
    """One case: look, decide, and on to the next."""
    case = get_object_or_404(queries.visible_cases(), pk=case_id)
    if case.status != Case.Status.NEEDS_REVIEW:
        return _next(request, _("This case is not waiting for a decision."))
    shown = [_shown(image) for image in queries.images_to_review(case)]
    clean = [each for each in shown if each.image.status == CaseImage.Status.CLEAN]
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        flagged=any(each.is_flagged for each in shown),
        unclean=len(clean) < len(shown),
        no_close_up=not any(each.image.shot_type == ShotType.CLOSE_UP for each in clean),
    )
    if not form.is_valid():
        context = {"case": case, "shown": shown, "form": form, "answers": _answers(case)}
        return render(request, "privacy/review.html", context, status=422 if form.is_bound else 200)
    try:
        said = _decide(case, form, cast(User, request.user))  # for_role lets nobody else in
    except admitting.AlreadyDecided:
        said = _("Somebody else was faster: this case is not waiting for a decision any more.")
    except admitting.CannotAdmit:
        messages.warning(request, _("Something about this case has changed since you opened it. Please look again."))
        return redirect("privacy:review", case_id=case.pk)
    return _next(request, said)


@require_safe
@for_role(Role.MODERATOR)
def image(request: HttpRequest, image_id: str) -> HttpResponseBase:
    """The PNG of a visible case."""
    found = get_object_or_404(CaseImage, pk=image_id, status=CaseImage.Status.CLEAN, case__in=queries.visible_cases())
    try:
        pieces = queries.image_stream(found)
    except queries.ImageNotThere as error:
        raise Http404 from error
    return StreamingHttpResponse(
        pieces,
        content_type="image/png",
        headers={
            "Content-Length": str(found.size),
            "Content-Disposition": f'inline; filename="{found.pk}.png"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _shown(image: CaseImage) -> Shown:
    return Shown(
        image=image,
        shot=SHOT_NAMES[ShotType(image.shot_type)],
        copies=queries.copies_of(image),
        is_flagged=image.status == CaseImage.Status.CLEAN and queries.is_flagged(image),
    )


def _answers(case: Case) -> list[dict[str, str]]:
    """Rows of core/components/summary_list.html, for what was answered."""
    given: dict[str, list[str]] = {"age_group": [case.age_group]}
    given |= {name: [getattr(case, name)] for name in ONE_OF}
    given |= {name: getattr(case, name) for name in SOME_OF}
    return [
        {"key": _in_words(name), "value": ", ".join(map(_in_words, codes))}
        for name, codes in given.items()
        if any(codes)
    ]


def _in_words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _decide(case: Case, form: ReviewForm, moderator: User) -> str:
    """Carry the decision out; returns what to say about it."""
    given = form.cleaned_data
    if given["decision"] == ADMIT:
        admitting.admit(
            case=case,
            moderator=moderator,
            at=timezone.now(),
            not_a_duplicate=given.get("not_a_duplicate", False),
            leave_out=given.get("leave_out", False),
        )
        return _("Admitted.")
    reason = Case.Reason(given["reason"])
    admitting.reject(case=case, moderator=moderator, reason=reason, at=timezone.now())
    return _("Rejected: %(reason)s.") % {"reason": reason.label}


def _next(request: HttpRequest, said: str) -> HttpResponse:
    messages.info(request, said)
    following = queries.review_queue().first()
    if following is None:
        return redirect("privacy:queue")
    return redirect("privacy:review", case_id=following.pk)
