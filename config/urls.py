"""Every address of the site."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config.admin import SecondFactorAdmin
from core import views

# allauth asks for the second factor; the administration's own sign-in would take a password alone.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# As allauth registers them, the secret of a second factor is shown, and an address changes that the trail knows.
admin.site.unregister([Authenticator, EmailAddress])
admin.site.register(Authenticator, SecondFactorAdmin)

urlpatterns = [
    path("healthz", views.health, name="health"),
    path("staff/", views.staff_home, name="staff"),
    # The trail names people by their address: they do not change it themselves.
    path("staff/account/email/", RedirectView.as_view(pattern_name="staff")),
    path("staff/account/", include("allauth.urls")),
    path("staff/audit/", include("audit.urls")),
    path("staff/moderation/", include("privacy.urls")),
    path("staff/label/", include("labeling.urls")),
    path("staff/releases/", include("releases.urls")),
    path("staff/admin/", admin.site.urls),
    path("", include("contrib_portal.urls")),
]

handler400 = "core.views.bad_request"
