"""The ready spaces, by name. A file of library/ is a space; nobody has to register it."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nas_explorer.errors import InvalidOption, UnknownName
from nas_explorer.spaces import library
from nas_explorer.spaces.size import size
from nas_explorer.spaces.space import SearchSpace


@dataclass(frozen=True, slots=True)
class SpaceDescription:
    """What a menu shows of a ready space. `size` is that of the space with its default options."""

    name: str
    summary: str
    source: str
    options: Mapping[str, object]
    size: int


def names() -> tuple[str, ...]:
    """The names of all ready spaces, sorted.

    >>> names()[:3]
    ('chain', 'darts', 'darts_rnn')
    """
    return tuple(sorted(module.name for module in pkgutil.iter_modules(library.__path__)))


def load(name: str, **options: object) -> SearchSpace:
    """Draw a ready space.

    >>> load("nas_bench_201", classes=100).name
    'nas_bench_201'

    Raises:
        UnknownName: if there is no such space.
        InvalidOption: if it has no such option.
    """
    draw, _ = _found(name)
    known = inspect.signature(draw).parameters
    for option in options:
        if option not in known:
            raise InvalidOption(f"space {name!r} has no option {option!r}; it has {', '.join(known) or 'none'}")
    return draw(**options)


@functools.cache
def describe(name: str) -> SpaceDescription:
    """What there is to know about a ready space without looking at its graph.

    Raises:
        UnknownName: if there is no such space.
    """
    draw, source = _found(name)
    summary = (inspect.getdoc(draw) or "").split("\n")[0]
    defaults = {key: parameter.default for key, parameter in inspect.signature(draw).parameters.items()}
    return SpaceDescription(name, summary, source, MappingProxyType(defaults), size(draw()))


def _found(name: str) -> tuple[Callable[..., SearchSpace], str]:
    if name not in names():
        raise UnknownName("space", name, names())
    module = importlib.import_module(f"{library.__name__}.{name}")
    return getattr(module, name), module.SOURCE
