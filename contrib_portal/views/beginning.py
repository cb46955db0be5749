"""What this is, whether it is for this person, and what they agree to."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from contrib_portal import journey, queries, receipts
from contrib_portal.actions import consenting
from contrib_portal.forms import ConsentForm, EligibilityForm
from contrib_portal.models import ConsentDocument, Contribution
from contrib_portal.views import texts, visit


@require_safe
def start(request: HttpRequest, campaign: str = "") -> HttpResponse:
    """`/` and `/c/<campaign>`."""
    draft = visit.contribution_of(request)
    is_open = draft is not None and draft.status == Contribution.Status.DRAFT
    resume = journey.first_open(draft) if draft is not None and is_open else ""
    return render(request, "contrib_portal/start.html", {"campaign": campaign, "resume": resume})


def eligible(request: HttpRequest) -> HttpResponseBase:
    """`/eligible`: the first page that keeps anything, once it was answered with yes."""
    if request.method != "POST":
        form = EligibilityForm(initial={"campaign": request.GET.get("campaign", "")})
        return render(request, "contrib_portal/eligible.html", {"form": form})
    form = EligibilityForm(request.POST)
    if not form.is_valid():
        return render(request, "contrib_portal/eligible.html", {"form": form}, status=422)
    if form.cleaned_data["eligible"] == "no":
        return redirect("contrib_portal:not-eligible")
    contribution = visit.contribution_of(request)
    if contribution is None or contribution.status != Contribution.Status.DRAFT:
        visit.forget(request)
    request.session["eligible"] = True
    request.session["campaign"] = form.cleaned_data["campaign"]
    return redirect("contrib_portal:consent")


@require_safe
def not_eligible(request: HttpRequest) -> HttpResponse:
    """`/eligible/no`."""
    return render(request, "contrib_portal/not_eligible.html")


@require_safe
def consent(request: HttpRequest) -> HttpResponseBase:
    """`/consent`: the key facts on one screen."""
    if not request.session.get("eligible"):
        return redirect("contrib_portal:eligible")
    return render(request, "contrib_portal/consent.html")


def agree(request: HttpRequest) -> HttpResponseBase:
    """`/consent/agree`: the full text, and the choice."""
    if not request.session.get("eligible"):
        return redirect("contrib_portal:eligible") if request.method != "POST" else visit.ended(request, status=403)
    try:
        document = queries.effective_document(get_language() or "")
    except ConsentDocument.DoesNotExist:
        return render(request, "contrib_portal/closed.html", status=503)
    if request.method != "POST":
        return _agree_page(request, document, is_outdated="outdated" in request.GET)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _agree_page(request, document, form=form, status=422)
    if form.cleaned_data["agree"] == "no":
        return redirect("contrib_portal:not-agreed")
    try:
        return _agreed(request, form.cleaned_data["document"])
    except consenting.TextChanged:
        return _agree_page(request, document, has_changed=True, status=409)


def _agree_page(
    request: HttpRequest,
    document: ConsentDocument,
    *,
    form: ConsentForm | None = None,
    has_changed: bool = False,
    is_outdated: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form or ConsentForm(initial={"document": document.sha256}),
        "document": document,
        "paragraphs": texts.paragraphs(document.body),
        "has_changed": has_changed,
        "is_outdated": is_outdated,
    }
    return render(request, "contrib_portal/agree.html", context, status=status)


def _agreed(request: HttpRequest, shown_sha256: str) -> HttpResponseBase:
    """Start a draft, or go on with the one there is. Raises consenting.TextChanged."""
    draft = visit.contribution_of(request)
    if draft is not None and draft.status == Contribution.Status.DRAFT:
        consenting.agree_again(contribution=draft, shown_sha256=shown_sha256, at=timezone.now())
        return redirect(journey.first_open(draft))
    code = receipts.new_code()
    contribution = consenting.begin(
        shown_sha256=shown_sha256,
        language=get_language() or "",
        campaign=request.session.get("campaign", ""),
        receipt_digest=visit.digest_of(code),
        at=timezone.now(),
    )
    visit.remember(request, contribution)
    response = redirect(journey.url(journey.STEPS[0].name))
    visit.keep_code(response, code, seconds=visit.WHILE_DRAFTING)
    return response


@require_safe
def not_agreed(request: HttpRequest) -> HttpResponse:
    """`/consent/no`."""
    return render(request, "contrib_portal/not_agreed.html")


@require_safe
def full_text(request: HttpRequest) -> HttpResponse:
    """`/consent/full`: the text in force, for anybody."""
    try:
        document = queries.effective_document(get_language() or "")
    except ConsentDocument.DoesNotExist:
        return render(request, "contrib_portal/closed.html", status=503)
    context = {"document": document, "paragraphs": texts.paragraphs(document.body)}
    return render(request, "contrib_portal/full_text.html", context)


@require_safe
def full_text_file(request: HttpRequest) -> HttpResponse:
    """`/consent/full.txt`: the same, byte for byte, to keep."""
    try:
        return texts.as_file(queries.effective_document(get_language() or ""))
    except ConsentDocument.DoesNotExist:
        return render(request, "contrib_portal/closed.html", status=503)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """`/privacy`: what this site itself keeps."""
    return render(request, "contrib_portal/privacy.html")
