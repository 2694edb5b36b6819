"""Loading: stories become articles, again and again the same."""

from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.utils.text import slugify
from PIL import Image

from articles.demo.stories import STORIES, Story, draw_landscape
from articles.models import Article
from articles.specs import files
from people.photos import Sitter, develop, take_photo

PORTRAIT_SIDE = 800
"""Pixels of the long side of the photo of which an avatar is uploaded."""
HEAD = 1.7
"""Half the side of an avatar, in halves of the head's height."""


def write_articles(long_side: int) -> QuerySet[Article]:
    """The articles, each saved with its photo and its author's avatar."""
    slugs = [_write(story, long_side) for story in STORIES]
    return Article.objects.filter(slug__in=slugs)


def _write(story: Story, long_side: int) -> str:
    article = Article(
        title=story.title,
        slug=slugify(story.title),
        lead=story.lead,
        text=story.text,
        author=story.author.name,
    )
    _clear(article)
    photo = develop(draw_landscape(story, long_side))
    portrait = develop(_draw_head(story.author))
    name = f"{article.slug}.jpg"
    article.photo.save(name, ContentFile(photo, name), save=False)
    article.avatar.save(name, ContentFile(portrait, name), save=False)
    # bulk_create sends no post_save, so nothing is made before the making that is timed.
    Article.objects.bulk_create([article])
    return article.slug


def _draw_head(sitter: Sitter) -> Image.Image:
    """A square around the face of somebody."""
    photo = take_photo(sitter, PORTRAIT_SIDE)
    x, y = sitter.face[0] * photo.width, sitter.face[1] * photo.height
    half = min(HEAD * sitter.size * min(photo.size), x, y, photo.width - x, photo.height - y)
    return photo.crop((round(x - half), round(y - half), round(x + half), round(y + half)))


def _clear(article: Article) -> None:
    """Delete what an earlier run left: the row, its files, and forgotten ones of their names."""
    Article.objects.filter(slug=article.slug).delete()
    field = Article._meta.get_field("photo")
    name = field.generate_filename(article, f"{article.slug}.jpg")
    for path in _leftovers(Article(photo=name, photo_width=1, photo_height=1)):
        field.storage.delete(path)
    avatar = Article._meta.get_field("avatar")
    avatar.storage.delete(avatar.generate_filename(article, f"{article.slug}.webp"))


def _leftovers(old: Article) -> Iterator[str]:
    for _, file in files(old):
        file.rendition.delete()
    yield str(old.photo.name)
