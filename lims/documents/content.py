"""Compare a paper's content with its shape, so that a fault is named before it is frozen."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Literal, NotRequired, get_args, get_origin, get_type_hints, is_typeddict


class Content(dict[str, Any]):
    """What a document says, read back from the JSON it was frozen as."""


def faults(content: object, shape: Any, at: str = "") -> Iterator[str]:  # noqa: ANN401
    """Yield what is missing, unknown or of another kind, each by its place."""
    if is_typeddict(shape):
        yield from _of_record(content, shape, at)
    elif get_origin(shape) is list:
        yield from _of_list(content, get_args(shape)[0], at)
    elif words := _closed_list(shape):
        if content not in words:
            yield f"{at}: {content!r} is not one of {', '.join(words)}"
    elif not isinstance(content, shape):
        yield f"{at}: {type(content).__name__} instead of {shape.__name__}"


def _closed_list(shape: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Return the words of a closed list; any other shape has none."""
    if get_origin(shape) is Literal:
        return get_args(shape)
    return tuple(shape) if issubclass(shape, StrEnum) else ()


def _of_record(content: object, shape: Any, at: str) -> Iterator[str]:  # noqa: ANN401
    if not isinstance(content, Mapping):
        yield f"{at}: {type(content).__name__} instead of {shape.__name__}"
        return
    hints = _hints(shape)
    yield from (f"{_under(at, key)}: missing" for key in sorted(_needed(shape) - set(content)))
    yield from (f"{_under(at, key)}: unknown" for key in sorted(set(content) - set(hints)))
    for key in sorted(set(hints) & set(content)):
        yield from faults(content[key], hints[key], _under(at, key))


def _of_list(content: object, shape: Any, at: str) -> Iterator[str]:  # noqa: ANN401
    if not isinstance(content, list | tuple):
        yield f"{at}: {type(content).__name__} instead of list"
        return
    for rank, element in enumerate(content):
        yield from faults(element, shape, _under(at, str(rank)))


@cache
def _hints(shape: Any) -> dict[str, Any]:  # noqa: ANN401
    return get_type_hints(shape)


@cache
def _needed(shape: Any) -> frozenset[str]:  # noqa: ANN401
    hints = get_type_hints(shape, include_extras=True)
    return frozenset(key for key, hint in hints.items() if get_origin(hint) is not NotRequired)


def _under(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key


def texts(content: object, at: str = "") -> Iterator[tuple[str, str]]:
    """Yield every string of the content with its place (`items.3.serial`)."""
    if isinstance(content, str):
        yield at, content
    elif isinstance(content, Mapping):
        for key, element in content.items():
            yield from texts(element, _under(at, key))
    elif isinstance(content, list | tuple):
        for rank, element in enumerate(content):
            yield from texts(element, _under(at, str(rank)))


def texts_at(content: object, place: str, at: str = "") -> Iterator[tuple[str, str]]:
    """Yield the strings at a place that passes through lists (`items.code`), each with its own."""
    if isinstance(content, list | tuple):
        for rank, element in enumerate(content):
            yield from texts_at(element, place, _under(at, str(rank)))
    elif isinstance(content, Mapping):
        first, _, rest = place.partition(".")
        if first in content:
            yield from texts_at(content[first], rest, _under(at, first))
    elif isinstance(content, str):
        yield at, content
