"""Addresses of the sample project."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.templatetags.static import static as address_of
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("people.urls")),
    path("", include("articles.urls")),
    path("", include("albums.urls")),
    # The admin names no icon, so browsers ask here.
    path("favicon.ico", RedirectView.as_view(url=address_of("people/icon.svg"))),
    # Serves nothing unless DEBUG is on; a real site leaves this to its web server.
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
