"""Asynchronous code: a URL never makes a file on the event loop, and ``aensure`` makes it."""

import asyncio
import threading
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path
from pytest_django import Settings

from tests.renditions.faults import WatchedStorage
from tests.renditions.making import Recording, files_below, rendition_of, source_of
from versatile import ImageSpec
from versatile.exceptions import SourceNotFound
from versatile.processors import ResizeToFit
from versatile.renditions import generation
from versatile.renditions.source import Source
from versatile.renditions.strategies import JUST_IN_TIME
from versatile.specs.cachefile import ImageCacheFile


@pytest.fixture
def storage(media_root: Path) -> WatchedStorage:
    return WatchedStorage(media_root, base_url="/media/")


def test_a_url_on_the_event_loop_makes_nothing_and_asks_nobody(
    storage: WatchedStorage, media_root: Path, caplog
):
    rendition = rendition_of(source_of(storage))
    storage.calls.clear()

    async def view() -> list[str]:
        return [rendition.url, str(rendition)]

    with caplog.at_level("DEBUG", logger="versatile.renditions.strategies"):
        assert asyncio.run(view()) == ["/media/out/x.jpg"] * 2
    assert storage.calls == []
    assert files_below(media_root) == {"d/x.jpg"}
    assert "aensure" in caplog.text
    assert rendition_of(rendition.source).url == "/media/out/x.jpg"
    assert files_below(media_root) == {"d/x.jpg", "out/x.jpg"}


def test_a_set_on_the_event_loop_makes_nothing_either(storage: WatchedStorage, media_root: Path):
    rendition = rendition_of(source_of(storage))

    async def view() -> object:
        return JUST_IN_TIME.on_set_required([rendition])

    assert asyncio.run(view()) == []
    assert files_below(media_root) == {"d/x.jpg"}


def test_the_file_of_a_spec_is_made_by_awaiting_it(media_root: Path):
    class Small(ImageSpec):
        processors = [ResizeToFit(10, 10)]

    storage = FileSystemStorage(media_root, "/media/")
    source_of(storage)
    file = ImageCacheFile(Small(source_of_field(storage)))

    async def view() -> str:
        missing = await asyncio.to_thread(files_below, media_root)
        assert missing == {"d/x.jpg"}
        made = await file.aensure()
        assert made is file
        return file.url

    url = asyncio.run(view())
    assert (media_root / url.removeprefix("/media/")).exists()
    assert file.ensure() is file


def source_of_field(storage: FileSystemStorage) -> object:
    """A file as a spec takes it."""

    class Stored:
        name = "d/x.jpg"

        def __init__(self) -> None:
            self.storage = storage
            self.file = storage.open(self.name)
            self.file.close()
            self.closed = True

        def open(self, mode: str = "rb") -> None:
            self.file = storage.open(self.name)
            self.closed = False

        def read(self, *size: int) -> bytes:
            return bytes(self.file.read(*size))

        def seek(self, *place: int) -> int:
            return int(self.file.seek(*place))

        def close(self) -> None:
            self.file.close()
            self.closed = True

    return Stored()


def test_awaiting_makes_the_file_in_another_thread(storage: WatchedStorage, media_root: Path):
    threads = []
    recording = Recording(during=lambda: threads.append(threading.current_thread()))
    rendition = rendition_of(source_of(storage), processors=[recording])

    async def view() -> tuple[object, object]:
        return await rendition.aensure(), threading.current_thread()

    ensured, loop = asyncio.run(view())
    assert ensured is rendition
    assert len(threads) == 1
    assert threads != [loop]
    assert files_below(media_root) == {"d/x.jpg", "out/x.jpg"}


def test_awaiting_raises_what_hinders_it(storage: WatchedStorage):
    with pytest.raises(SourceNotFound):
        asyncio.run(rendition_of(Source(storage, "d/none.jpg")).aensure())


async def picture(request: HttpRequest) -> HttpResponse:
    source = Source(FileSystemStorage(base_url="/media/"), "d/x.jpg")
    early = rendition_of(source).url
    late = (await rendition_of(source).aensure()).url
    return HttpResponse(f"{early} {late}")


urlpatterns = [path("picture/", picture)]


def test_an_asynchronous_view_shows_a_picture_that_is_there(
    settings: Settings, storage: WatchedStorage, media_root: Path
):
    settings.ROOT_URLCONF = __name__
    source_of(storage)

    async def visit() -> list[bytes]:
        visits = [AsyncClient().get("/picture/") for _ in range(4)]
        return [answer.content for answer in await asyncio.gather(*visits)]

    assert set(asyncio.run(visit())) == {b"/media/out/x.jpg /media/out/x.jpg"}
    assert files_below(media_root) == {"d/x.jpg", "out/x.jpg"}


def test_in_a_thread_beside_a_loop_a_url_makes_its_file(storage: WatchedStorage, media_root: Path):
    rendition = rendition_of(source_of(storage))

    async def view() -> str:
        return await asyncio.to_thread(lambda: rendition.url)

    assert asyncio.run(view()) == "/media/out/x.jpg"
    assert files_below(media_root) == {"d/x.jpg", "out/x.jpg"}
    assert [item.state.value for item in generation.generate([rendition])] == ["existing"]
