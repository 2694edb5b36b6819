"""Addresses of the sample project."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("people.urls")),
    path("", include("articles.urls")),
    path("", include("albums.urls")),
    # Serves nothing unless DEBUG is on; a real site leaves this to its web server.
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
