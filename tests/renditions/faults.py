"""Storages and caches that fail. Everything else in these tests is the real thing."""

from collections.abc import Callable, Iterable
from itertools import count
from typing import IO, Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage


class BrokenError(Exception):
    """What storages and caches raise: no child of OSError, as with the clients of clouds."""


class WatchedStorage(FileSystemStorage):
    """A file system that remembers what it was asked, and fails where it is told to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calls: list[tuple[str, str]] = []
        self.failing: dict[str, Callable[[str], BaseException | None]] = {}

    def fail(self, method: str, error: BaseException, only: str = "") -> None:
        """From now on the method raises, for all names or for those that contain ``only``."""
        self.failing[method] = lambda name: error if only in name else None

    def named(self, method: str) -> list[str]:
        """The names with which a method was called."""
        return [name for called, name in self.calls if called == method]

    def _note(self, method: str, name: str) -> None:
        self.calls.append((method, name))
        error = self.failing.get(method, lambda name: None)(name)
        if error is not None:
            raise error

    def open(self, name: str, mode: str = "rb") -> File:
        self._note("open", name)
        return super().open(name, mode)

    def exists(self, name: str) -> bool:
        self._note("exists", name)
        return super().exists(name)

    def save(self, name: Any, content: Any, max_length: int | None = None) -> str:
        self._note("save", name)
        return super().save(name, content, max_length)

    def delete(self, name: str) -> None:
        self._note("delete", name)
        super().delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        self._note("listdir", path)
        return super().listdir(path)

    def size(self, name: str) -> int:
        self._note("size", name)
        return super().size(name)


class HalfSavingStorage(FileSystemStorage):
    """A full disk: the first half of a file is written, then there is no more room."""

    def _save(self, name: str, content: Any) -> str:
        data = content.read()
        super()._save(name, ContentFile(data[: len(data) // 2]))  # type: ignore[misc]
        raise OSError(28, "No space left on device")


class Bucket(Storage):
    """An object store: no paths, no base URL, and URLs whose signature is never the same."""

    bucket_name = "photos"

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.signatures = count()

    def _open(self, name: str, mode: str = "rb") -> File:
        if name not in self.objects:
            raise FileNotFoundError(name)
        return ContentFile(self.objects[name], name)

    def _save(self, name: str, content: Any) -> str:
        self.objects[name] = content.read()
        return name

    def exists(self, name: str) -> bool:
        return name in self.objects

    def delete(self, name: str) -> None:
        self.objects.pop(name, None)

    def size(self, name: str) -> int:
        return len(self.objects[name])

    def url(self, name: str | None) -> str:
        return f"https://photos.example/{name}?signature={next(self.signatures)}"


class HalfSavingBucket(Bucket):
    """An object store that is not as atomic as it says."""

    def _save(self, name: str, content: Any) -> str:
        data = content.read()
        self.objects[name] = data[: len(data) // 2]
        raise BrokenError("the connection was lost")


class RenamingBucket(Bucket):
    """An object store that never uses the name that it is given."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return f"{name}.1"


class LazyFile(File):
    """A file of a storage that fetches it when it is first read."""

    def __init__(self, name: str, fetch: Callable[[], IO[bytes]]) -> None:
        self.name = name
        self.fetch = fetch
        self.mode = "rb"
        self._file: IO[bytes] | None = None

    @property
    def file(self) -> IO[bytes]:  # type: ignore[override]
        if self._file is None:
            self._file = self.fetch()
        return self._file

    @property
    def closed(self) -> bool:
        return False

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class BrokenCache(BaseCache):
    """A cache whose server is gone."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def _broken(self, *args: Any, **kwargs: Any) -> Any:
        raise BrokenError("no cache")

    add = get = set = delete = get_many = set_many = delete_many = has_key = _broken
    touch = incr = decr = _broken

    def clear(self) -> None:
        """Nothing; the suite clears every cache after each test."""

    def close(self, **kwargs: Any) -> None:
        """Nothing; Django closes caches at the end of requests."""


class ForgetfulCache(BrokenCache):
    """A cache whose client swallows errors: nothing is ever added, nothing is ever found."""

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return default

    def set(self, *args: Any, **kwargs: Any) -> None:
        return None

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> Any:
        return {}

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        return []

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        return None


class GarbageCache(ForgetfulCache):
    """A cache in which somebody else's values lie under our keys."""

    garbage: Any = "garbage"

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return True

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self.garbage

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> Any:
        return dict.fromkeys(keys, self.garbage)


class SharedCache(BaseCache):
    """A cache that every process could see, as far as anybody can tell; each alias has its own."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.behind = LocMemCache(name, params)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self.behind.add(*args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self.behind.get(*args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self.behind.set(*args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self.behind.touch(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self.behind.delete(*args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self.behind.has_key(*args, **kwargs)

    def clear(self) -> None:
        self.behind.clear()


class WatchedCache(LocMemCache):
    """A cache in memory that remembers what it was asked."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(name, params)
        self.calls: list[tuple[str, Any]] = []

    def get(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        self.calls.append(("get", key))
        return super().get(key, *args, **kwargs)

    def add(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        self.calls.append(("add", key))
        return super().add(key, *args, **kwargs)

    def set(self, key: Any, *args: Any, **kwargs: Any) -> None:
        self.calls.append(("set", key))
        super().set(key, *args, **kwargs)

    def delete(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        self.calls.append(("delete", key))
        return super().delete(key, *args, **kwargs)

    def get_many(self, keys: Iterable[Any], *args: Any, **kwargs: Any) -> Any:
        wanted = tuple(keys)
        self.calls.append(("get_many", wanted))
        missing = object()
        found = {key: LocMemCache.get(self, key, missing) for key in wanted}
        return {key: value for key, value in found.items() if value is not missing}

    def set_many(self, data: dict[Any, Any], timeout: Any = None, *args: Any, **kwargs: Any) -> Any:
        self.calls.append(("set_many", tuple(data)))
        for key, value in data.items():
            LocMemCache.set(self, key, value, timeout)
        return []

    def delete_many(self, keys: Iterable[Any], *args: Any, **kwargs: Any) -> None:
        wanted = tuple(keys)
        self.calls.append(("delete_many", wanted))
        for key in wanted:
            LocMemCache.delete(self, key)
