from hashlib import md5 as hashlib_md5

import pytest

from versatile.processors import image_keys, md5, md5_16

KEY = "crop-c0-5__0-5-40x40-70"


def test_the_known_key_has_the_known_name() -> None:
    # Observed in the old library; files of this name lie on the disks of its users.
    assert md5_16(KEY) == "c58e413834d1d93f"


@pytest.mark.parametrize("key", ["", KEY, "crop é ☃"])
def test_it_is_the_md5_of_the_text_in_utf_8(key: str) -> None:
    digest = hashlib_md5(key.encode("utf-8"), usedforsecurity=False).hexdigest()
    assert md5(key) == digest
    assert len(digest) == 32
    assert md5_16(key) == digest[:16]


def test_both_are_where_users_look_for_them() -> None:
    assert (image_keys.md5, image_keys.md5_16) == (md5, md5_16)
