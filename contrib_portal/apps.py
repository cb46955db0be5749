from django.apps import AppConfig


class ContribPortalConfig(AppConfig):
    name = "contrib_portal"
