"""Addresses of the contributor's pages; those of the journey come from its data."""

from django.urls import URLPattern, path

from contrib_portal import journey
from contrib_portal.views import beginning, finishing, photos, questions, receipt

app_name = "contrib_portal"
urlpatterns: list[URLPattern] = [
    path("", beginning.start, name="start"),
    path("c/<slug:campaign>", beginning.start, name="campaign"),
    path("privacy", beginning.privacy, name="privacy"),
    path("eligible", beginning.eligible, name="eligible"),
    path("eligible/no", beginning.not_eligible, name="not-eligible"),
    path("consent", beginning.consent, name="consent"),
    path("consent/agree", beginning.agree, name="consent-agree"),
    path("consent/no", beginning.not_agreed, name="not-agreed"),
    path("consent/full", beginning.full_text, name="consent-full"),
    path("consent/full.txt", beginning.full_text_file, name="consent-file"),
    *[path(shot.path, photos.photo, {"shot": shot}, name=shot.name) for shot in journey.SHOTS],
    *[path(f"{shot.path}/preview", photos.preview, {"shot": shot}, name=shot.preview_name) for shot in journey.SHOTS],
    *[path(asked.path, questions.question, {"asked": asked}, name=asked.name) for asked in journey.QUESTIONS],
    path("see-a-doctor", questions.see_a_doctor, name="see-a-doctor"),
    path("check", finishing.check, name="check"),
    path("stop", finishing.stop, name="stop"),
    path("stopped", finishing.stopped, name="stopped"),
    path("sent", finishing.sent, name="sent"),
    path("receipt", receipt.receipt, name="receipt"),
    path("receipt/withdraw", receipt.withdraw, name="withdraw"),
    path("receipt/consent.txt", receipt.agreed_text, name="agreed-text"),
]
