"""django-storages' S3 backend against a server that speaks S3."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.test import TestCase
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.renditions.conftest import use_cache
from tests.storages.conftest import Buckets, ObjectStore
from tests.testapp.models import Photo
from versatile.conf import Policy
from versatile.exceptions import StorageError
from versatile.renditions.addresses import key_of

PhotoOf = Callable[..., Photo]
Requests = list[tuple[str, str]]

PUBLIC = {"location": "public", "default_acl": "public-read", "querystring_auth": False}
FOR_EVER = "public, max-age=31536000, immutable"


def fetch(url: str) -> tuple[int, Any]:
    """What a browser gets: the status and the headers."""
    try:
        with urlopen(url, timeout=10) as answer:
            return answer.status, answer.headers
    except HTTPError as error:
        return error.code, error.headers


def puts(requests: Requests) -> list[str]:
    return [urlsplit(url).path for method, url in requests if method == "PUT"]


# One upload, with what browsers are told


@pytest.mark.parametrize(
    ("name", "format", "type"),
    [
        ("x.jpg", "JPEG", "image/jpeg"),
        ("x.png", "PNG", "image/png"),
        ("x.webp", "WEBP", "image/webp"),
        ("x.gif", "GIF", "image/gif"),
    ],
)
def test_a_rendition_is_one_upload_with_its_type(
    name, format, type, buckets: Buckets, photo_of: PhotoOf, requests: Requests
):
    buckets.use()
    photo = photo_of(name, format)
    requests.clear()
    rendition = photo.image.fit["30x30"]
    assert puts(requests) == [f"/{buckets.name}/{rendition.name}"]
    status, headers = fetch(rendition.url)
    assert (status, headers["Content-Type"]) == (200, type)
    assert headers["Cache-Control"] is None


def test_the_cache_control_of_the_settings_is_that_of_renditions_only(
    buckets: Buckets, photo_of: PhotoOf, settings: Settings
):
    buckets.use(object_parameters={"CacheControl": "private", "ContentDisposition": "inline"})
    settings.VERSATILE = {"CACHE_CONTROL": FOR_EVER}
    photo = photo_of()
    assert fetch(photo.image.url)[1]["Cache-Control"] == "private"
    headers = fetch(photo.image.fit["30x30"].url)[1]
    assert (headers["Cache-Control"], headers["Content-Disposition"]) == (FOR_EVER, "inline")
    photo.image.save("y.jpg", ContentFile(photo_bytes((60, 40))))
    assert fetch(photo.image.url)[1]["Cache-Control"] == "private"


def test_a_field_may_say_another_cache_control(
    buckets: Buckets, photo_of: PhotoOf, settings: Settings, monkeypatch
):
    buckets.use()
    settings.VERSATILE = {"CACHE_CONTROL": FOR_EVER}
    monkeypatch.setattr(Photo._meta.get_field("image"), "policy", Policy(cache_control="no-store"))
    assert fetch(photo_of().image.fit["30x30"].url)[1]["Cache-Control"] == "no-store"


def test_a_set_costs_one_look_and_one_upload_each_and_one_download(
    buckets: Buckets, photo_of: PhotoOf, requests: Requests
):
    buckets.use()
    image = photo_of().image
    requests.clear()
    found = image.renditions([("a", "fit__30x30"), ("b", "fit__20x20"), ("c", "fit__10x10")])
    assert [item.url for item in found.values()]
    names = {urlsplit(url).path.removeprefix(f"/{buckets.name}/") for _, url in requests}
    made = {item.name for item in found.values()}
    assert names == {image.name, *made}
    sent = [method for method, url in requests if str(image.name) not in url]
    assert sorted(sent) == ["HEAD"] * 3 + ["PUT"] * 3
    assert [method for method, url in requests if method == "GET"] == ["GET"]


# Private


def test_a_warm_url_is_signed_here_and_costs_no_request(
    buckets: Buckets, photo_of: PhotoOf, requests: Requests
):
    buckets.use()
    photo = photo_of()
    assert photo.image.fit["30x30"].url
    requests.clear()
    rendition = Photo.objects.get().image.fit["30x30"]
    signed = rendition.url
    assert requests == []
    assert "X-Amz-Signature" in parse_qs(urlsplit(signed).query)
    assert fetch(signed)[0] == 200
    assert fetch(signed.partition("?")[0])[0] == 403


def test_existence_is_remembered_by_the_name_and_not_by_the_signature(
    buckets: Buckets, photo_of: PhotoOf
):
    buckets.use(querystring_expire=60)
    key = photo_of().image.fit["30x30"].existence_key
    buckets.use(querystring_expire=90)
    rendition = Photo.objects.get().image.fit["30x30"]
    assert rendition.existence_key == key
    assert "Signature" not in key
    assert key.endswith(rendition.name)


# Public renditions beside private originals


def test_public_renditions_lie_beside_private_originals(
    buckets: Buckets, photo_of: PhotoOf, requests: Requests
):
    buckets.use(location="private", renditions=PUBLIC)
    photo = photo_of()
    rendition = photo.image.fit["30x30"]
    assert buckets.names() == {f"private/{photo.image.name}", f"public/{rendition.name}"}
    assert urlsplit(rendition.url).query == ""
    assert fetch(rendition.url)[0] == 200
    assert fetch(photo.image.url)[0] == 200
    assert fetch(photo.image.url.partition("?")[0])[0] == 403
    requests.clear()
    assert Photo.objects.get().image.fit["30x30"].url == rendition.url
    assert requests == []


def test_of_a_deleted_row_the_renditions_go_from_their_storage_and_nothing_is_listed(
    buckets: Buckets, photo_of: PhotoOf, requests: Requests, shared: None
):
    buckets.use(location="private", renditions=PUBLIC)
    photo = photo_of()
    assert photo.image.fit["30x30"].url
    assert photo.image.filters.invert.crop["20x20"].url
    assert len(buckets.names()) == 3
    requests.clear()
    with TestCase.captureOnCommitCallbacks(execute=True):
        photo.delete()
    assert [url for method, url in requests if method == "GET"] == []
    assert buckets.names() == {f"private/{photo.image.name}"}


def test_where_the_record_is_lost_the_storage_of_the_renditions_is_listed(
    buckets: Buckets, photo_of: PhotoOf
):
    buckets.use(location="private", renditions=PUBLIC)
    photo = photo_of()
    assert photo.image.fit["31x31"].url  # nobody declared it
    use_cache(buckets.settings, "SharedCache")  # another, which is empty
    with TestCase.captureOnCommitCallbacks(execute=True):
        photo.delete()
    assert buckets.names() == {f"private/{photo.image.name}"}


def test_prune_looks_at_the_storage_of_the_renditions_and_knows_what_is_in_use(
    buckets: Buckets, photo_of: PhotoOf
):
    buckets.use(location="private", renditions=PUBLIC)
    photo, gone = photo_of("x.jpg"), photo_of("y.jpg")
    kept, orphan = photo.image.fit["30x30"], gone.image.fit["30x30"]
    Photo.objects.filter(pk=gone.pk)._raw_delete("default")
    call_command("renditions", "prune")
    assert (kept.exists(), orphan.exists()) == (True, False)
    assert f"private/{gone.image.name}" in buckets.names()


def test_prune_knows_a_storage_that_lies_within_another(buckets: Buckets, photo_of: PhotoOf):
    buckets.use(renditions={**PUBLIC, "location": "deep/public"})
    photo = photo_of()
    filtered = photo.image.filters.invert
    assert filtered.url
    call_command("renditions", "prune")
    assert buckets.names() == {photo.image.name, f"deep/public/{filtered.name}"}


def test_prune_takes_what_lies_where_renditions_no_longer_go(buckets: Buckets, photo_of: PhotoOf):
    buckets.use(location="private")
    photo = photo_of()
    before = photo.image.fit["30x30"]
    buckets.use(location="private", renditions=PUBLIC)
    after = Photo.objects.get().image.fit["30x30"]
    assert {f"private/{before.name}", f"public/{after.name}"} <= buckets.names()
    call_command("renditions", "prune")
    assert buckets.names() == {f"private/{photo.image.name}", f"public/{after.name}"}


def test_check_reconciles_memory_and_storage(buckets: Buckets, photo_of: PhotoOf):
    buckets.use(location="private", renditions=PUBLIC)
    rendition = photo_of().image.fit["30x30"]
    storages["renditions"].delete(rendition.name)
    call_command("renditions", "check")
    again = Photo.objects.get().image.fit["30x30"]
    assert fetch(again.url)[0] == 200


# Who asks together, and what fails


def test_eight_threads_upload_it_once(buckets: Buckets, photo_of: PhotoOf, requests: Requests):
    buckets.use()
    image = photo_of().image
    requests.clear()
    start = Barrier(8)

    def ask(_: int) -> str:
        start.wait()
        return str(image.fit["30x30"].name)

    with ThreadPoolExecutor(8) as pool:
        (name,) = set(pool.map(ask, range(8)))
    assert puts(requests) == [f"/{buckets.name}/{name}"]


def test_a_replaced_photo_of_the_same_name_is_fresh(buckets: Buckets, photo_of: PhotoOf):
    buckets.use(location="private", renditions=PUBLIC)
    photo = photo_of()
    with photo.image.fit["30x30"].open() as file:
        old = file.read()
    photo.image.save("x.jpg", ContentFile(photo_bytes((40, 60))))
    assert photo.image.name == "photos/x.jpg"  # this storage overwrites
    rendition = Photo.objects.get().image.fit["30x30"]
    assert (rendition.width, rendition.height) == (20, 30)
    with rendition.open() as file:
        assert file.read() != old


def test_a_bucket_that_never_overwrites_has_one_file_that_is_made_again(
    buckets: Buckets, photo_of: PhotoOf
):
    buckets.use(file_overwrite=False)
    photo = photo_of()
    rendition = photo.image.fit["30x30"]
    storages["default"].delete(rendition.name)
    storages["default"].save(rendition.name, ContentFile(b"something else"))
    rendition.generate(force=True)
    assert fetch(rendition.url)[1]["Content-Type"] == "image/jpeg"
    with rendition.open() as file:
        assert file.read(2) == b"\xff\xd8"
    assert buckets.names() == {photo.image.name, rendition.name}


def test_an_object_store_that_is_away_is_a_typed_error_and_then_heals(
    db: None, object_store: ObjectStore, tmp_path: Path, settings: Settings, photo_of: PhotoOf
):
    store = ObjectStore(tmp_path)
    try:
        store.start()
        bucket = store.create_bucket()
        Buckets(store, settings, bucket).use()
        photo = photo_of()
        assert photo.image.fit["20x20"].url
        store.stop()
        assert Photo.objects.get().image.fit["20x20"].url  # a page of warm pictures
        for _ in range(2):
            with pytest.raises(StorageError):
                Photo.objects.get().image.fit["30x30"]
        store.start()  # with nothing in it
        store.create_bucket(bucket)
        photo.image.storage.save(photo.image.name, ContentFile(photo_bytes((60, 40))))
        assert fetch(Photo.objects.get().image.fit["30x30"].url)[0] == 200
    finally:
        store.stop()


def test_an_original_that_is_not_there_is_a_typed_error(buckets: Buckets, photo_of: PhotoOf):
    buckets.use()
    photo = photo_of()
    photo.image.storage.delete(str(photo.image.name))
    with pytest.raises(FileNotFoundError):
        photo.image.fit["30x30"]


def test_two_buckets_have_each_its_own_existence(buckets: Buckets):
    buckets.use(renditions={"bucket_name": "other"})
    assert key_of(storages["default"], "x") != key_of(storages["renditions"], "x")
