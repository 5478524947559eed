"""Which characters the fonts of our papers can print."""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).resolve().parent.parent / "static" / "vendor" / "tinos"
FACES = 4
CONTROLS = frozenset((*range(0x20), *range(0x7F, 0xA0)))


class FontsMissing(RuntimeError):  # noqa: N818 - it is what the person at the machine must read
    """The four faces of the paper font are not on this machine."""


def faces(folder: Path = FONTS) -> list[Path]:
    """Name the font files, or say how to get them."""
    files = sorted(folder.glob("*.ttf"))
    if len(files) < FACES:
        raise FontsMissing(
            f"Papers cannot be printed: {folder} holds {len(files)} of the {FACES} Tinos fonts. "
            "Run `make setup` to fetch them."
        )
    return files


@cache
def printable() -> frozenset[int]:
    """Read from the fonts which characters every face has."""
    return frozenset.intersection(*(_characters(face.read_bytes()) for face in faces()))


def unprintable(text: str) -> str:
    """Pick out what cannot be printed, each character once, in order."""
    return "".join(dict.fromkeys(letter for letter in text if ord(letter) not in printable()))


def as_printed(text: str) -> str:
    """Compose the letters and drop what has no ink: joiners, marks of direction, soft hyphens."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ")
    if text.isascii():
        return text
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


def _characters(font: bytes) -> frozenset[int]:
    """Read the character map (format 4, OpenType `cmap`)."""
    start = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    records = (struct.unpack_from(">HHI", font, start + 4 + 8 * n) for n in range(count))
    maps = {(platform, kind): start + offset for platform, kind, offset in records}
    return frozenset(_segments(font, maps[3, 1])) - CONTROLS | {ord("\n")}


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * n) for n in range(count))
    offset: int = next(offset for name, _, offset, _ in records if name == tag)
    return offset


def _segments(font: bytes, at: int) -> Iterator[int]:
    (twice,) = struct.unpack_from(">H", font, at + 6)
    each = f">{twice // 2}H"
    ends, starts, deltas, offsets = (
        struct.unpack_from(each, font, at + shift + twice * row)
        for row, shift in enumerate((14, 16, 16, 16))
    )
    here = at + 16 + 3 * twice
    for n, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = (code + deltas[n]) & 0xFFFF
            if offsets[n]:
                (glyph,) = struct.unpack_from(
                    ">H", font, here + 2 * n + offsets[n] + 2 * (code - start)
                )
            if glyph:
                yield code
