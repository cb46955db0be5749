"""What holds for every request."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

Responder = Callable[[HttpRequest], HttpResponseBase]


def require_second_factor(get_response: Responder) -> Responder:
    """Where the study requires it, staff set up a second factor before they see anything else."""
    always_open = ("/staff/account/", settings.STATIC_URL)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if (
            settings.SECOND_FACTOR_REQUIRED
            and request.path.startswith("/staff/")
            and not request.path.startswith(always_open)
            and request.user.is_authenticated
            and not is_mfa_enabled(request.user)
        ):
            return redirect(reverse("mfa_activate_totp"))
        return get_response(request)

    return middleware


def keep_out_of_caches(get_response: Responder) -> Responder:
    """Pages show answers and photos: no cache, shared or on a shared phone, keeps them."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, HttpResponse) and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return middleware
