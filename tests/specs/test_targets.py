"""What an id stands for, and which ids a pattern names."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from pytest_django import Settings

from tests.specs.conftest import PHOTO
from tests.testapp.models import Article
from versatile import ImageSpec
from versatile.exceptions import ConfigurationError, EmptyField, NotRegistered
from versatile.renditions.rendition import Rendition
from versatile.specs import targets
from versatile.specs.cachefile import ImageCacheFile
from versatile.specs.sourcegroups import ImageFieldSourceGroup

IDS = ["blog:article:thumb", "blog:article:cover", "blog:author:thumb", "blogs:x", "shop"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("shop", ["shop"]),
        ("blog", IDS[:3]),
        ("blog:article", IDS[:2]),
        ("blog:*:thumb", [IDS[0], IDS[2]]),
        ("*", IDS),
        ("*:x", ["blogs:x"]),
        ("blog*", IDS[:4]),
        ("**:thumb", [IDS[0], IDS[2]]),
        ("*:thumb", []),
        ("**thumb", [IDS[0], IDS[2]]),
        ("article", []),
        ("blog:article:thumb:more", []),
        ("blo.", []),
    ],
)
def test_a_pattern_matches_within_a_segment_across_segments_and_below(
    pattern: str, expected: list[str]
):
    assert targets.matching([pattern], IDS) == {pattern: expected}


def test_the_id_of_a_generator_stands_for_its_cache_file(article: Article):
    [file] = targets.files_of("testapp:article:small", article.photo)
    assert isinstance(file, ImageCacheFile)
    assert file.name == article.small.name


def test_the_name_of_a_key_set_stands_for_its_renditions_but_not_for_the_original(
    article: Article, settings: Settings
):
    pairs = [("full", "url"), ("square", "crop__50x50"), ("grey", "filters__grayscale")]
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"some": pairs}}
    files = targets.files_of("some", article.photo)
    assert all(isinstance(file, Rendition) for file in files)
    assert [file.name for file in files] == [
        article.photo.crop["50x50"].name,
        article.photo.filters.grayscale.name,
    ]


def test_nothing_is_made_by_asking_what_an_id_stands_for(
    article: Article, key_set: str, opened: list[str]
):
    [first, _] = targets.files_of(key_set, article.photo)
    assert opened == []
    assert not article.photo.storage.exists(str(first.name))


def test_a_generator_wins_over_a_key_set_of_its_name(
    article: Article, settings: Settings, add_generator: Callable[[str, object], str]
):
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"some": [("square", "crop__50x50")]}}
    assert targets.is_key_set("some")
    add_generator("some", ImageSpec)
    [file] = targets.files_of("some", article.photo)
    assert isinstance(file, ImageCacheFile)


def test_an_id_that_is_neither_is_an_error_that_names_it(article: Article):
    with pytest.raises(NotRegistered, match="'nobody:knows'"):
        targets.files_of("nobody:knows", article.photo)


def test_an_empty_field_has_no_renditions(key_set: str):
    with pytest.raises(EmptyField):
        targets.files_of(key_set, Article().photo)


def test_a_key_set_needs_a_file_with_sizers(key_set: str):
    with pytest.raises(ConfigurationError, match=key_set):
        targets.files_of(key_set, ContentFile(PHOTO, "x.jpg"))


def test_the_ids_are_those_of_generators_and_of_key_sets_with_sources(key_set: str):
    ids = targets.all_ids()
    assert {"testapp:article:small", "imagekit:thumbnail", key_set} <= set(ids)
    assert len(ids) == len(set(ids))


def test_equal_groups_of_several_ids_are_one(key_set: str):
    ids = ["testapp:article:small", "imagekit:thumbnail", key_set]
    [(group, members)] = targets.by_source_group(ids)
    assert members == ["testapp:article:small", key_set]
    assert group.model_class is Article


def test_a_group_of_an_attribute_that_is_not_there_is_an_error_that_names_it():
    with pytest.raises(ConfigurationError, match="Article has no attribute 'foto'"):
        ImageFieldSourceGroup(Article, "foto")


class Told:
    def __init__(self) -> None:
        self.files: list[object] = []

    def on_source_saved(self, file: object) -> None:
        self.files.append(file)


def test_the_strategy_of_a_cache_file_is_its_own_and_of_a_rendition_the_settings(
    article: Article, settings: Settings, key_set: str
):
    own, common = Told(), Told()
    settings.VERSATILE = {**settings.VERSATILE, "STRATEGY": common}
    file = ImageCacheFile(ImageSpec(article.photo), cachefile_strategy=own)
    [first, _] = targets.files_of(key_set, article.photo)
    targets.tell_strategy(file, "on_source_saved")
    targets.tell_strategy(first, "on_source_saved")
    targets.tell_strategy(file, "on_something_else")
    assert own.files == [file]
    assert common.files == [first]
