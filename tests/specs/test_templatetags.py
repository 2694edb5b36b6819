"""``{% generateimage %}`` and ``{% thumbnail %}``, in real templates."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.template import Context, Template, TemplateSyntaxError
from django.utils.safestring import mark_safe
from PIL import Image
from pytest_django import Settings

from tests.specs.conftest import PHOTO, add_article, remove_photo
from tests.testapp.models import Article, Person
from versatile import ImageSpec
from versatile.exceptions import InvalidArgument, NotRegistered, SourceNotFound
from versatile.processors import ResizeToFit
from versatile.renditions.backends import CachedFileBackend
from versatile.specs import BaseImageSpec
from versatile.specs.cachefile import ImageCacheFile
from versatile.testing import assert_storage_calls


class Fitted(ImageSpec):
    """A spec with an argument."""

    format = "PNG"

    def __init__(self, source: object, side: int = 80) -> None:
        super().__init__(source)
        self.processors = [ResizeToFit(side, side)]


@pytest.fixture
def fitted(add_generator: Callable[[str, object], str]) -> str:
    return add_generator("test:fitted", Fitted)


def render(text: str, library: str = "versatile", **values: object) -> str:
    return Template(f"{{% load {library} %}}{text}").render(Context(values))


def size_of(file: ImageCacheFile) -> tuple[int, int]:
    with Image.open(Path(file.path)) as image:
        return image.size


@pytest.mark.parametrize("library", ["versatile", "imagekit"])
def test_an_image_is_printed_with_its_size_and_its_url_last(
    article: Article, fitted: str, library: str
):
    html = render("{% generateimage 'test:fitted' source=a.photo %}", library, a=article)
    file = ImageCacheFile(Fitted(article.photo))
    assert html == f'<img width="80" height="60" src="{file.url}" />'
    assert size_of(file) == (80, 60)


def test_arguments_are_the_generators(article: Article, fitted: str):
    html = render("{% generateimage id source=a.photo side=n|add:1 %}", a=article, id=fitted, n=39)
    assert 'width="40" height="30"' in html


def test_attributes_stand_first_in_their_order_and_are_escaped(article: Article, fitted: str):
    html = render(
        "{% generateimage 'test:fitted' source=a.photo -- class=\"a b\" alt=title data-x=safe %}",
        a=article,
        title='"><script>',
        safe=mark_safe("&amp;"),
    )
    expected = '<img class="a b" alt="&quot;&gt;&lt;script&gt;" data-x="&amp;" width="80" height='
    assert html.startswith(expected)


def test_safe_text_cannot_break_out_of_an_attribute(article: Article, fitted: str):
    html = render(
        "{% generateimage 'test:fitted' source=a.photo -- alt='<b title=\"x\">' class=safe %}",
        a=article,
        safe=mark_safe('"><script>'),
    )
    expected = '<img alt="&lt;b title=&quot;x&quot;&gt;" class="&quot;&gt;&lt;script&gt;" width='
    assert html.startswith(expected)


@pytest.mark.parametrize("given", ["width", "height"])
def test_a_given_side_leaves_both_to_the_page(article: Article, fitted: str, given: str):
    html = render(f"{{% generateimage 'test:fitted' source=a.photo -- {given}=7 %}}", a=article)
    assert html.startswith(f'<img {given}="7" src="')


def test_as_prints_nothing_and_sets_the_cache_file(article: Article, fitted: str):
    html = render("{% generateimage 'test:fitted' source=a.photo as f %}[{{ f.width }}]", a=article)
    assert html == "[80]"


def test_as_makes_nothing(article: Article, fitted: str, opened: list[str]):
    assert render("{% thumbnail '20x' a.photo as f %}", a=article) == ""
    assert opened == []


@pytest.mark.parametrize(
    ("tag", "reason"),
    [
        ("generateimage", "0 plain arguments"),
        ("generateimage source=photo", "0 plain arguments"),
        ("generateimage 'a' 'b' source=photo", "2 plain arguments"),
        ("generateimage 'a' source=photo --", "no attributes follow"),
        ("generateimage 'a' source=photo -- 'b'", "attributes alone"),
        ("generateimage 'a' source=photo -- alt='' 'b'", "attributes alone"),
        ("generateimage 'a' source=photo -- alt='' as f", "prints none"),
        ("generateimage 'a' source=photo -- as f", "prints none"),
        ("generateimage 'a' source=photo as", "the name of a variable"),
        ("generateimage 'a' source=photo source=other", "given twice"),
        ("thumbnail", "0 plain arguments"),
        ("thumbnail '10x10'", "1 plain arguments"),
        ("thumbnail 'a' '10x10' photo 'b'", "4 plain arguments"),
        ("thumbnail '10x10' photo --", "no attributes follow"),
        ("thumbnail '10x10' photo -- alt='' as f", "prints none"),
    ],
)
def test_a_tag_that_follows_no_grammar_is_a_syntax_error_that_says_why(tag: str, reason: str):
    with pytest.raises(TemplateSyntaxError, match=reason):
        Template(f"{{% load versatile %}}{{% {tag} %}}")


@pytest.mark.parametrize(
    ("arguments", "size"),
    [
        ("'100x50'", (100, 50)),
        ("'100x'", (100, 75)),
        ("'x60'", (80, 60)),
        ("'100x50' crop=0", (67, 50)),
        ("'100x50' anchor='tl'", (100, 50)),
        ("'640x480'", (320, 240)),
        ("'640x480' upscale=1", (640, 480)),
    ],
)
def test_a_thumbnail_has_the_size_that_its_dimensions_ask_for(
    article: Article, arguments: str, size: tuple[int, int]
):
    dimensions, *options = arguments.split()
    tag = " ".join([dimensions, "a.photo", *options])
    [html, url] = render(
        f"{{% thumbnail {tag} %}}|{{% thumbnail {tag} as f %}}{{{{ f.url }}}}", a=article
    ).split("|")
    width, height = size
    assert html == f'<img width="{width}" height="{height}" src="{url}" />'
    with Image.open(article.photo.storage.path(url.removeprefix("/media/"))) as image:
        assert image.size == size


def test_an_anchor_says_which_part_stays(article: Article):
    parts = set()
    for anchor in ("t", "b"):
        url = render(
            "{% thumbnail '100x10' a.photo anchor=at as f %}{{ f.url }}", a=article, at=anchor
        )
        with Image.open(article.photo.storage.path(url.removeprefix("/media/"))) as image:
            parts.add(image.convert("RGB").tobytes())
    assert len(parts) == 2


def test_a_thumbnail_may_have_a_generator_of_its_own(
    article: Article, add_generator: Callable[[str, object], str]
):
    class Doubled(ImageSpec):
        def __init__(self, source: object, width: int, height: int | None) -> None:
            super().__init__(source)
            self.processors = [ResizeToFit(2 * width)]

    add_generator("test:doubled", Doubled)
    html = render("{% thumbnail 'test:doubled' '50x' a.photo %}", a=article)
    assert html.startswith('<img width="100" height="75" ')


@pytest.mark.parametrize("dimensions", ["10", "x", "axb", "10x10x10", "-1x1", "", "1.5x2"])
def test_other_dimensions_are_a_value_error_that_names_them(article: Article, dimensions: str):
    with pytest.raises(ValueError, match="are no dimensions") as caught:
        render("{% thumbnail d a.photo %}", a=article, d=dimensions)
    assert repr(dimensions) in str(caught.value)


def test_a_wrong_argument_is_named(article: Article):
    with pytest.raises(InvalidArgument, match="anchor"):
        render("{% thumbnail '10x10' a.photo anchor='middle' %}", a=article)


def test_no_source_is_a_type_error(db: None):
    with pytest.raises(TypeError, match="10x10"):
        render("{% thumbnail '10x10' photo %}", photo=None)


@pytest.mark.parametrize("tag", ["generateimage 'no:one' source=p", "thumbnail 'no:one' '9x9' p"])
def test_an_unknown_generator_is_an_error_when_it_is_rendered(article: Article, tag: str):
    template = Template(f"{{% load versatile %}}{{% {tag} %}}")
    with pytest.raises(NotRegistered, match="'no:one'"):
        template.render(Context({"p": article.photo}))


def test_an_empty_field_prints_nothing(db: None):
    assert render("[{% thumbnail '10x10' a.photo -- alt='x' %}]", a=Article()) == "[]"


@pytest.mark.parametrize("content", [b"no picture", None])
def test_a_bad_or_missing_source_keeps_its_place_and_is_logged(
    db: None, content: bytes | None, caplog: pytest.LogCaptureFixture
):
    bad = add_article("bad.jpg", content or b"soon gone")
    if content is None:
        remove_photo(bad)
    html = render("[{% thumbnail '10x' a.photo -- alt='Ada' %}]", a=bad)
    assert html.startswith('[<img alt="Ada" src="/media/CACHE/images/articles/bad/')
    assert html.endswith('.jpg" />]')
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_under_debug_a_missing_source_is_an_error(article: Article, settings: Settings):
    settings.DEBUG = True
    remove_photo(article)
    with pytest.raises(SourceNotFound):
        render("{% thumbnail '10x10' a.photo -- alt='' %}", a=article)


@pytest.mark.parametrize(
    ("debug", "attributes", "warnings"),
    [(True, "", 1), (True, "-- class='x'", 1), (True, "-- alt=''", 0), (False, "", 0)],
)
def test_under_debug_an_image_without_alternative_text_is_warned_of(
    article: Article,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    debug: bool,
    attributes: str,
    warnings: int,
):
    settings.DEBUG = debug
    html = render(f"{{% thumbnail '10x10' a.photo {attributes} %}}", a=article)
    assert "<img" in html
    assert (
        len([record for record in caplog.records if "no alternative text" in record.message])
        == warnings
    )


def test_a_file_without_a_printed_image_is_warned_of_by_nobody(
    article: Article, settings: Settings, caplog: pytest.LogCaptureFixture
):
    settings.DEBUG = True
    render("{% thumbnail '10x10' a.photo as f %}", a=article)
    assert caplog.records == []


def test_the_size_is_arithmetic_and_decodes_nothing(
    article: Article, decoded: list[tuple[int, int]]
):
    article.small.generate()
    first = render("{% thumbnail '100x' a.photo %}", a=article)
    decoded.clear()
    assert render("{% thumbnail '100x' a.photo %}", a=article) == first
    assert 'width="100" height="75"' in first
    assert decoded == []


def test_a_printed_image_costs_no_storage_call_where_the_row_knows_the_size(
    db: None, opened: list[str]
):
    person = Person()
    person.headshot.save("x.jpg", ContentFile(PHOTO))
    html = render("{% thumbnail '100x' p.headshot %}", p=person)
    assert 'width="100" height="75"' in html
    opened.clear()
    with assert_storage_calls(0):
        assert render("{% thumbnail '100x' p.headshot %}", p=Person.objects.get()) == html
    assert opened == []


class Lazy(CachedFileBackend):
    """A backend that has not come to it yet."""

    is_async = True

    def generate(self, file: object, force: bool = False) -> None:
        """Nothing."""


class Drawn(BaseImageSpec):
    """A generator that is no recipe: its size stands in its file alone."""

    cachefile_name = "drawn.png"
    cachefile_backend = Lazy


def test_a_size_that_nobody_knows_yet_is_left_out(add_generator: Callable[[str, object], str]):
    add_generator("test:drawn", Drawn)
    html = render("{% generateimage 'test:drawn' -- alt='' %}")
    assert html == '<img alt="" src="/media/drawn.png" />'


def test_both_libraries_may_be_loaded_in_one_template(article: Article):
    html = render("{% thumbnail '10x10' a.photo %}", "versatile imagekit", a=article)
    assert html.startswith('<img width="10" height="10" ')
