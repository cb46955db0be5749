"""One question per page, each saved, each skippable."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from contrib_portal import journey, queries
from contrib_portal.actions import answering
from contrib_portal.forms import QuestionForm
from contrib_portal.models import Contribution
from contrib_portal.views import returning, visit


@require_http_methods(["GET", "HEAD", "POST"])
@visit.with_draft
def question(request: HttpRequest, *, asked: journey.Question, contribution: Contribution) -> HttpResponseBase:
    """`/where` … `/ethnicity`."""
    column = asked.column
    if request.method != "POST":
        report = queries.answers(contribution)
        return _page(request, asked, asked.form(initial={column: getattr(report, column)}))
    if "skip" in request.POST:
        answering.skip(contribution=contribution, column=column, at=timezone.now())
        return redirect(returning.after(request, asked))
    form = asked.form(request.POST)
    if not form.is_valid():
        return _page(request, asked, form, status=422)
    value = form.cleaned_data[column]
    answering.answer(contribution=contribution, column=column, value=value, at=timezone.now())
    if journey.needs_a_doctor(column, value):
        return redirect(returning.see_a_doctor(request))
    return redirect(returning.after(request, asked))


def _page(request: HttpRequest, asked: journey.Question, form: QuestionForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "asked": asked,
        "number": journey.QUESTIONS.index(asked) + 1,
        "of": len(journey.QUESTIONS),
        "here": returning.here(request, asked),
        "back": returning.before(request, asked),
    }
    return render(request, "contrib_portal/question.html", context, status=status)


@require_safe
@visit.with_draft
def see_a_doctor(request: HttpRequest, *, contribution: Contribution) -> HttpResponse:
    """`/see-a-doctor`: a pause, then the journey goes on."""
    unwell = next(asked for asked in journey.QUESTIONS if asked.column == "other_symptoms")
    context = {"next": returning.after(request, unwell), "back": returning.here(request, unwell)}
    return render(request, "contrib_portal/see_a_doctor.html", context)
