"""How a room finds its files: one file, one entry, no list to keep. Used by the catalogs of strategies and estimators."""

from __future__ import annotations

import dataclasses
import difflib
import importlib
import importlib.util
import inspect
import json
import pkgutil
import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, TypeVar

from nas_explorer import options as texts
from nas_explorer.errors import InvalidOption, UnknownName

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Option:
    """One setting of an entry, as the terminal and the docs list it."""

    name: str
    type: str
    default: Any


@dataclass(frozen=True, slots=True)
class Description:
    """One line about an entry, where it comes from, and its options."""

    name: str
    summary: str
    source: str
    options: tuple[Option, ...]


class Catalog(Generic[T]):
    """The entries of one room, by name.

    A file `random_search.py` whose class is `RandomSearch`, a frozen dataclass, is the entry "random_search". A file may
    offer more names for one class: `PRESETS = {"tpe": {"sampler": "tpe"}}`. `Source: ...` in the docstring is its source.
    A package that is installed adds entries by entry points of the room's name, which are loaded when they are asked for:
    `[project.entry-points."nas_explorer.strategies"]` with a line `hill_climbing = "my_package:HillClimbing"`.
    """

    def __init__(self, kind: str, package: str, skip: tuple[str, ...] = ("protocol", "catalog")) -> None:
        self.kind, self.package, self.skip = kind, package, skip
        self._added: dict[str, tuple[type[T], dict[str, Any]]] = {}
        self._found: dict[str, tuple[type[T], dict[str, Any]]] | None = None
        self._found_plugins: dict[str, EntryPoint] | None = None

    def names(self) -> tuple[str, ...]:
        return tuple(sorted({*self._entries(), *self._plugins()}))

    def make(self, name: str, options: Mapping[str, Any] | None = None) -> T:
        """An entry with these options, the rest at their defaults.

        Raises:
            UnknownName: if there is no such entry; the message lists those there are.
            InvalidOption: if it has no such option, or the value is out of range.
        """
        cls, preset = self._entry(name)
        options = dict(options or {})
        self._check_known(name, options)
        return cls(**{**preset, **options})

    def parse(self, name: str, options: Mapping[str, str]) -> dict[str, Any]:
        """Options as they are typed in a terminal, turned into what `make` takes: {"population_size": "10"} into 10.

        Raises:
            UnknownName: if there is no such entry.
            InvalidOption: if it has no such option, or the text means nothing of the option's type.
        """
        cls, _ = self._entry(name)
        self._check_known(name, options)
        kinds = typing.get_type_hints(cls)
        return {key: texts.read(key, text, kinds[key]) for key, text in options.items()}

    def _check_known(self, name: str, options: Mapping[str, Any]) -> None:
        known = [option.name for option in self.describe(name).options]
        for key in options:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
                hint = f", did you mean {near[0]!r}?" if near else ";"
                raise InvalidOption(f"{self.kind} {name!r} has no option {key!r}{hint} it has {', '.join(known) or 'none'}")

    def spec(self, entry: T) -> dict[str, Any]:
        """What a run folder stores: {"name": ..., "options": {...}}, from which `make` builds an equal entry.

        Raises:
            UnknownName: if the entry's class is not in the catalog.
            TypeError: if an option is nothing that JSON can keep.
        """
        options = {field.name: getattr(entry, field.name) for field in dataclasses.fields(entry) if field.init}  # type: ignore[arg-type]
        json.dumps(options)                # a value that no file keeps, such as own data, makes the entry the user's own
        matching = [
            (name, preset) for name, (cls, preset) in self._entries().items() if cls is type(entry) and preset.items() <= options.items()
        ]
        place = f"{type(entry).__module__}:{type(entry).__qualname__}"
        matching += [(name, {}) for name, plugin in self._plugins().items() if plugin.value == place]
        if not matching:
            raise UnknownName(self.kind, type(entry).__name__, self.names())
        name, preset = max(matching, key=lambda pair: len(pair[1]))
        return {"name": name, "options": {key: value for key, value in options.items() if key not in preset}}

    def describe(self, name: str) -> Description:
        try:
            cls, preset = self._entry(name)
        except InvalidOption as broken:                # a package that is damaged must not hide the others from a list
            return Description(name, str(broken), "", ())
        lines = (inspect.getdoc(cls) or "").splitlines()
        source = next((line.partition(":")[2].strip() for line in lines if line.startswith("Source:")), "")
        kinds = typing.get_type_hints(cls)
        options = tuple(
            Option(field.name, texts.kind_name(kinds[field.name]), _default(field))
            for field in dataclasses.fields(cls)  # type: ignore[arg-type]
            if field.init and field.name not in preset
        )
        summary = getattr(cls, "SUMMARIES", {}).get(name, lines[0] if lines else "")
        return Description(name, summary, source, options)

    def add(self, name: str, cls: type[T], preset: Mapping[str, Any] | None = None) -> None:
        """Enter a class of your own, for this session."""
        self._added[name] = (cls, dict(preset or {}))

    def _entry(self, name: str) -> tuple[type[T], dict[str, Any]]:
        entries = self._entries()
        if name in entries:
            return entries[name]
        if name in self._plugins():
            return self._loaded(self._plugins()[name]), {}
        raise UnknownName(self.kind, name, self.names())

    def _plugins(self) -> dict[str, EntryPoint]:
        """What installed packages add, by name; a name of ours stays ours."""
        if self._found_plugins is None:
            self._found_plugins = {plugin.name: plugin for plugin in entry_points(group=self.package) if plugin.name not in self._entries()}
        return self._found_plugins

    def _loaded(self, plugin: EntryPoint) -> type[T]:
        """
        Raises:
            InvalidOption: if the package cannot be loaded, or what it names is no frozen dataclass.
        """
        whose = plugin.dist.name if plugin.dist else plugin.value
        try:
            cls = plugin.load()
        except Exception as error:
            raise InvalidOption(f"{self.kind} {plugin.name!r} of {whose} cannot be loaded: {type(error).__name__}: {error}") from error
        if not inspect.isclass(cls) or not dataclasses.is_dataclass(cls):
            raise InvalidOption(f"{self.kind} {plugin.name!r} of {whose} must be a frozen dataclass, {plugin.value} is {cls!r:.80}")
        return cls  # type: ignore[return-value]

    def _entries(self) -> dict[str, tuple[type[T], dict[str, Any]]]:
        if self._found is None:
            found: dict[str, tuple[type[T], dict[str, Any]]] = {}
            package = importlib.import_module(self.package)
            for info in pkgutil.iter_modules(package.__path__):
                if info.name not in self.skip:
                    found |= self._read(info.name)
            self._found = found  # whole, or not at all: another thread may ask meanwhile
        return {**self._found, **self._added}

    def _read(self, file: str) -> dict[str, tuple[type[T], dict[str, Any]]]:
        module = importlib.import_module(f"{self.package}.{file}")
        classes = {
            snake_case(name): cls
            for name, cls in vars(module).items()
            if inspect.isclass(cls) and cls.__module__ == module.__name__ and dataclasses.is_dataclass(cls)
        }
        if file not in classes:
            return {}
        cls = classes[file]
        presets: dict[str, dict[str, Any]] = getattr(module, "PRESETS", {file: {}})
        return {name: (cls, preset) for name, preset in presets.items()}  # type: ignore[misc]


def exported(package: str, name: str) -> Any:
    """The class `RandomSearch` of a package whose file `random_search.py` holds it, loaded now: for its `__getattr__`.

    Raises:
        AttributeError: if there is no such file.
    """
    file = snake_case(name)
    if name.isidentifier() and not name.startswith("_") and importlib.util.find_spec(f"{package}.{file}"):
        found = vars(importlib.import_module(f"{package}.{file}")).get(name)
        if inspect.isclass(found) and found.__module__ == f"{package}.{file}":
            return found
    raise AttributeError(f"module {package!r} has no attribute {name!r}")


def snake_case(name: str) -> str:
    """
    >>> snake_case("RegularizedEvolution")
    'regularized_evolution'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not dataclasses.MISSING else None
