"""A real object store: moto's server, a process of its own on the loopback."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.renditions.conftest import use_cache
from tests.servers import free_port, is_listening, require, wait_for
from tests.testapp.models import Photo

S3 = "storages.backends.s3.S3Storage"
PACKAGES = {
    "storages": "django-storages[s3]",
    "boto3": "django-storages[s3]",
    "moto": "moto[server]",
    "flask": "moto[server]",
}


@dataclass
class ObjectStore:
    """A server that speaks S3, and forgets everything when it ends."""

    folder: Path
    port: int = field(default_factory=free_port)
    server: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
                stdout=log,
                stderr=log,
            )
        wait_for(lambda: is_listening(self.port), "the object store")

    def stop(self) -> None:
        if self.server is not None:
            self.server.kill()
            self.server.wait()

    def options(self, bucket: str, **more: Any) -> dict[str, Any]:
        """An entry of ``STORAGES`` for a bucket."""
        from botocore.config import Config

        options: dict[str, Any] = {
            "bucket_name": bucket,
            "endpoint_url": self.endpoint,
            "access_key": "test",
            "secret_key": "test",
            "region_name": "us-east-1",
            "client_config": Config(
                signature_version="s3v4",
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
            ),
        }
        return {"BACKEND": S3, "OPTIONS": options | more}

    def create_bucket(self, name: str = "") -> str:
        """An empty bucket, by default one of its own."""
        import boto3

        name = name or f"photos-{uuid4().hex}"
        client = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            region_name="us-east-1",
        )
        client.create_bucket(Bucket=name)
        return name


@pytest.fixture(scope="session")
def object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    missing = {package for module, package in PACKAGES.items() if find_spec(module) is None}
    require(not missing, f"no object store: pip install {' '.join(sorted(missing))}")
    store = ObjectStore(tmp_path_factory.mktemp("s3"))
    try:
        store.start()
        yield store
    finally:
        store.stop()


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Every request that leaves for the object store: its method and its address."""
    from botocore.httpsession import URLLib3Session

    sent: list[tuple[str, str]] = []
    send = URLLib3Session.send

    def noted(session: Any, request: Any) -> Any:
        sent.append((request.method, request.url))
        return send(session, request)

    monkeypatch.setattr(URLLib3Session, "send", noted)
    return sent


@dataclass
class Buckets:
    """What a site keeps in its object store."""

    store: ObjectStore
    settings: Settings
    name: str

    def use(self, renditions: dict[str, Any] | None = None, **originals: Any) -> None:
        """Originals in the bucket; renditions beside them, or by further options at an alias."""
        kept = {"default": self.store.options(self.name, **originals)}
        if renditions is not None:
            kept["renditions"] = self.store.options(self.name, **renditions)
            self.settings.VERSATILE = {"RENDITIONS_STORAGE": "renditions"}
        self.settings.STORAGES = {**self.settings.STORAGES, **kept}

    def names(self) -> set[str]:
        """The keys of all objects."""
        from django.core.files.storage import storages

        bucket: Any = storages["default"]
        return {item.key for item in bucket.bucket.objects.all()}


@pytest.fixture
def buckets(db: None, object_store: ObjectStore, settings: Settings) -> Buckets:
    return Buckets(object_store, settings, object_store.create_bucket())


@pytest.fixture
def shared(settings: Settings) -> None:
    """A cache that is shared, so that what was made is known."""
    use_cache(settings, "SharedCache")


@pytest.fixture
def photo_of(db: None) -> Callable[..., Photo]:
    """A saved row with a photo."""

    def make(name: str = "x.jpg", format: str = "JPEG") -> Photo:
        photo = Photo()
        photo.image.save(name, ContentFile(photo_bytes((60, 40), format=format)))
        return photo

    return make
