"""Copy the few built files the pages need from node_modules to lims/static/vendor.

Nothing is bundled or rewritten but two things: source maps are no longer announced, since
they are not served, and the icons named in icons.txt become one sprite.
"""

import json
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FROM = ROOT / "node_modules"
TO = ROOT / "lims" / "static" / "vendor"

COPIES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler/tabler.min.js",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "swagger-ui-dist/swagger-ui-bundle.js": "swagger-ui/swagger-ui-bundle.js",
    "swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt": "licences/swagger-ui-bundle.txt",
    "swagger-ui-dist/swagger-ui.css": "swagger-ui/swagger-ui.css",
    "swagger-ui-dist/NOTICE": "licences/swagger-ui-notice.txt",
    "@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf": "tinos/Tinos-Regular.ttf",
    "@expo-google-fonts/tinos/400Regular_Italic/Tinos_400Regular_Italic.ttf": (
        "tinos/Tinos-Italic.ttf"
    ),
    "@expo-google-fonts/tinos/700Bold/Tinos_700Bold.ttf": "tinos/Tinos-Bold.ttf",
    "@expo-google-fonts/tinos/700Bold_Italic/Tinos_700Bold_Italic.ttf": (
        "tinos/Tinos-BoldItalic.ttf"
    ),
}
FONT = "@fontsource/be-vietnam-pro"
SUBSETS = ("latin", "latin-ext", "vietnamese")
WEIGHTS = (400, 500, 600, 700)

ICONS = Path(__file__).with_name("icons.txt").read_text(encoding="utf-8").split()


def main() -> None:
    """Make the vendor folder anew, so that nothing of an older set stays behind."""
    shutil.rmtree(TO, ignore_errors=True)
    for source, target in COPIES.items():
        place(FROM / source, TO / target)
    write(TO / "fonts" / "be-vietnam-pro.css", "\n".join(faces()))
    write(TO / "icons.svg", sprite())
    licences()


def place(source: Path, target: Path) -> None:
    """Copy one file, without the line that announces its source map."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix not in {".css", ".js"}:
        shutil.copyfile(source, target)
        return
    text = source.read_text(encoding="utf-8")
    write(target, re.sub(r"(/\*|//)# sourceMappingURL=\S+( \*/)?\s*$", "", text))


def write(target: Path, text: str) -> None:
    """Write one text file, making its folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def faces() -> list[str]:
    """Copy the font files and return one @font-face rule for each."""
    ranges = json.loads((FROM / FONT / "unicode.json").read_text(encoding="utf-8"))
    rules = []
    for subset in SUBSETS:
        for weight in WEIGHTS:
            name = f"be-vietnam-pro-{subset}-{weight}-normal.woff2"
            place(FROM / FONT / "files" / name, TO / "fonts" / name)
            rules.append(face(name, weight, ranges[subset]))
    return rules


def face(name: str, weight: int, letters: str) -> str:
    """Return the rule by which a browser loads a font file only for the letters in it."""
    return (
        "@font-face{font-family:'Be Vietnam Pro';font-style:normal;font-display:swap;"
        f"font-weight:{weight};src:url({name}) format('woff2');unicode-range:{letters}}}"
    )


def sprite() -> str:
    """Return one SVG holding every icon as a symbol under the icon's own name."""
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(map(symbol, ICONS))}</svg>\n'


def symbol(name: str) -> str:
    """Return an icon as a symbol; what draws it says colour and stroke."""
    drawing = (FROM / "@tabler/icons/icons/outline" / f"{name}.svg").read_text(encoding="utf-8")
    paths = re.sub(r"\s+", " ", drawing.split(">", 1)[1].rsplit("</svg>", 1)[0]).strip()
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{paths}</symbol>'
    )


def licences() -> None:
    """Keep each package's licence beside what was taken from it."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for folder in filter(None, lock["packages"]):
        for text in (ROOT / folder).glob("LICEN[CS]E*"):
            name = folder.removeprefix("node_modules/").replace("/", "-").removeprefix("@")
            place(text, TO / "licences" / f"{name}.txt")


if __name__ == "__main__":
    main()
