"""Colour profiles whose effect is known by arithmetic."""

import struct

import numpy as np
from PIL import ImageCms

COLORANTS = {
    "sRGB": ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)),
    "P3": ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)),
}
"""XYZ of the red, green and blue of a colour space, adapted to D50. Sources: IEC 61966-2-1;
the profile of Display P3 by Apple, 2017."""

CREATED = range(24, 36)
"""Where the header says when a profile was made. Source: ICC.1:2022, 7.2."""


def srgb_profile() -> bytes:
    """The profile that says nothing new, the same at any time."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return data[: CREATED.start] + bytes(len(CREATED)) + data[CREATED.stop :]


def exchanged_profile() -> bytes:
    """A profile in which red stands where green should, and green where red should."""
    data = _unnamed(srgb_profile())
    data = data.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    assert data != srgb_profile()
    return data


def p3_profile() -> bytes:
    """Display P3: the curve of sRGB over more saturated colours."""
    data = bytearray(_unnamed(srgb_profile()))
    for tag, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), COLORANTS["P3"], strict=True):
        place = data.index(tag)
        (offset,) = struct.unpack_from(">I", data, place + 4)
        struct.pack_into(">3i", data, offset + 8, *(round(part * 65536) for part in xyz))
    return bytes(data)


def p3_to_srgb(colour: tuple[int, int, int]) -> tuple[int, ...]:
    """A colour of Display P3 in sRGB, by the two matrices and the curve of sRGB."""
    encoded = np.array(colour) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    xyz = np.array(COLORANTS["P3"]).T @ linear
    linear = (np.linalg.inv(np.array(COLORANTS["sRGB"]).T) @ xyz).clip(0, 1)
    encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return tuple(int(level) for level in (encoded * 255).round())


def grey_profile(gamma: float) -> bytes:
    """A profile of grey pictures, whose levels are light to the power of 1/``gamma``."""
    curve = struct.pack(">4s4xIH2x", b"curv", 1, round(gamma * 256))
    white = struct.pack(">4s4x3i", b"XYZ ", *(round(part * 65536) for part in (0.9642, 1, 0.8249)))
    text = b"A grey\0"
    name = struct.pack(">4s4xI", b"desc", len(text)) + text + bytes(78 + 1)
    tags, table, offset = b"", struct.pack(">I", 3), 128 + 4 + 3 * 12
    for tag, content in ((b"kTRC", curve), (b"wtpt", white), (b"desc", name)):
        padded = content + bytes(-len(content) % 4)
        table += struct.pack(">4sII", tag, offset + len(tags), len(content))
        tags += padded
    size = 128 + len(table) + len(tags)
    head = struct.pack(">I4xI4s4s4s12x4s", size, 0x02400000, b"mntr", b"GRAY", b"XYZ ", b"acsp")
    light = struct.pack(">3i", *(round(part * 65536) for part in (0.9642, 1, 0.8249)))
    return (head.ljust(68, b"\0") + light).ljust(128, b"\0") + table + tags


def _unnamed(profile: bytes) -> bytes:
    """The same profile, so named that nobody takes it for sRGB by its name."""
    for name in ("sRGB", "srgb"):
        other = name.replace("RGB", "ABC").replace("rgb", "abc")
        for encoding in ("ascii", "utf-16-be"):
            profile = profile.replace(name.encode(encoding), other.encode(encoding))
    return profile
