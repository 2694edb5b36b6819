"""Pages of the articles."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from articles.models import Article
from articles.specs import files, processors
from versatile.cachefiles import ImageCacheFile
from versatile.exceptions import PictureError


@dataclass(frozen=True)
class Picture:
    """The file of a spec under the name of its field, and what its processors are called."""

    name: str
    code: str
    file: ImageCacheFile


def articles(request: HttpRequest) -> HttpResponse:
    """Everything that there is to read."""
    return render(request, "articles/list.html", {"articles": Article.objects.all()})


def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One article, with all that is made of its photo."""
    found = get_object_or_404(Article, slug=slug)
    context = {
        "article": found,
        "pictures": list(_pictures(found)),
        "others": Article.objects.exclude(pk=found.pk)[:3],
    }
    return render(request, "articles/article.html", context)


def _pictures(article: Article) -> Iterator[Picture]:
    """The files of the specs; those that cannot be made are logged and left out."""
    for name, file in files(article):
        try:
            file.generate()
        except PictureError:
            continue
        yield Picture(name, processors(file), file)
