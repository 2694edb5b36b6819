"""Pages of the articles."""

from collections.abc import Iterator
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from articles.models import Article
from articles.specs import files, processors
from people.pictures import Wish, fulfil
from versatile.cachefiles import ImageCacheFile


def articles(request: HttpRequest) -> HttpResponse:
    """Everything that there is to read."""
    return render(request, "articles/list.html", {"articles": Article.objects.all()})


def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One article, with all that is made of its photo."""
    found = get_object_or_404(Article, slug=slug)
    context = {
        "article": found,
        "pictures": list(fulfil(_wishes(found))),
        "others": Article.objects.exclude(pk=found.pk)[:3],
    }
    return render(request, "articles/article.html", context)


def _wishes(article: Article) -> Iterator[Wish]:
    """The files of all specs of the article's photo."""
    for name, file in files(article):
        yield Wish(name, processors(file), partial(_generated, file))


def _generated(file: ImageCacheFile) -> ImageCacheFile:
    file.generate()
    return file
