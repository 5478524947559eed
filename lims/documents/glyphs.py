"""Which characters the fonts of our papers can print."""

import unicodedata
from functools import cache
from itertools import filterfalse
from pathlib import Path

from fontTools.ttLib import TTFont

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
def printable() -> frozenset[str]:
    """Read from the fonts which characters every face has."""
    return frozenset(map(chr, frozenset.intersection(*map(_characters, faces()))))


def unprintable(text: str) -> str:
    """Pick out what cannot be printed, each character once, in order."""
    return "".join(dict.fromkeys(filterfalse(printable().__contains__, text)))


def as_printed(text: str) -> str:
    """Compose the letters and drop what has no ink: joiners, marks of direction, soft hyphens."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ")
    if text.isascii() or text.isprintable():
        return text
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


def _characters(face: Path) -> frozenset[int]:
    """Read the character map, and no other table of the font."""
    with TTFont(face, lazy=True) as font:
        return frozenset(font.getBestCmap()) - CONTROLS | {ord("\n")}
