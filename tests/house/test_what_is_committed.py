"""What may and may not stand in a committed file."""

import re
import tomllib

from tests.house import tree

# Written in pieces, so that this file does not find itself.
REGISTRIES = "|".join(
    re.escape(f"{name}.{end}")
    for name, end in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("crates", "io"),
        ("deb.debian", "org"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("cdnjs", "cloudflare"),
        ("fonts.googleapis", "com"),
        ("fonts.gstatic", "com"),
    ]
)
ADDRESS_OF_A_REGISTRY = re.compile(rf"(?<![\w-])(?:[\w-]+\.)*(?:{REGISTRIES})\b", re.IGNORECASE)
PATH_ON_A_MACHINE = re.compile(r"(?<![\w.:/})%-])/(?:home|root|work|Users)/[\w.$-]")
LOCKS = ("package-lock.json", "requirements/")
THIRD_PARTY = re.compile(
    r"\.(?:min\.\w+|woff2?|ttf|otf|eot|map|whl|jar|gz|zip|node|so)$|(?:^|/)(?:vendor|node_modules)/"
)


def test_no_file_names_a_package_registry():
    found = [
        place
        for path in tree.listed()
        for place, line in tree.lines(path)
        if ADDRESS_OF_A_REGISTRY.search(line)
    ]

    assert not found, "\n".join(found)


def test_no_file_names_a_place_on_somebodys_machine():
    found = [
        place
        for path in tree.listed()
        for place, line in tree.lines(path)
        if PATH_ON_A_MACHINE.search(line)
    ]

    assert not found, "\n".join(found)


def test_the_lock_files_hold_names_and_hashes_but_no_address():
    locks = [path for path in tree.listed() if path.startswith(LOCKS)]

    found = [place for path in locks for place, line in tree.lines(path) if "://" in line]

    assert len(locks) > len(LOCKS)
    assert not found, "\n".join(found)


def test_every_dependency_is_pinned():
    project = tomllib.loads(tree.text("pyproject.toml"))
    wanted = {
        "prod": project["project"]["dependencies"],
        **{name: project["dependency-groups"][name] for name in ("dev", "node", "uv")},
    }

    unpinned = [
        f"{name}: {requirement}"
        for name, requirements in wanted.items()
        for requirement in requirements
        if not _pins(tree.text(f"requirements/{name}.txt"), requirement)
    ]

    assert unpinned == [], "run `make lock`"


def _pins(lock: str, requirement: str) -> bool:
    name = re.split(r"[\[<>=!~; ]", requirement)[0]
    return re.search(rf"^{name}(?:\[[\w,-]+\])?==", lock, re.IGNORECASE | re.MULTILINE) is not None


def test_no_third_party_asset_is_committed():
    found = [path for path in tree.listed() if THIRD_PARTY.search(path)]

    assert not found, "\n".join(found)


def test_nothing_starts_the_development_server():
    words = re.compile("flask " + r"run\b|\bapp" + r"\.run\(")

    found = [
        place
        for path in tree.listed()
        for place, line in tree.lines(path)
        if words.search(line) and not path.startswith("tests/house/")
    ]

    assert not found, "\n".join(found)
