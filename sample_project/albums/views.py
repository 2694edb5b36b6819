"""Pages of the albums."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from albums.models import Album


def albums(request: HttpRequest) -> HttpResponse:
    """Every album by its cover; the template asks the cache once for the whole page."""
    return render(request, "albums/list.html", {"albums": Album.objects.all()})


def album(request: HttpRequest, slug: str) -> HttpResponse:
    """One album with all that is in it."""
    found = get_object_or_404(Album.objects.prefetch_related("pictures", "postcards"), slug=slug)
    return render(request, "albums/album.html", {"album": found})
