"""Finds the entries of a shelf: one module an entry, found by looking in the folder."""

import importlib
import pkgutil
from types import ModuleType
from typing import TypeVar

from config.errors import ConfigurationError

Entry = TypeVar("Entry")


def entries(shelf: ModuleType, name: str, kind: type[Entry]) -> list[Entry]:
    """The constant `name` of every module in the package `shelf`, sorted by module name.

    Modules whose name begins with an underscore are the shelf's own parts, not entries.

    Raises:
        ConfigurationError: a module has no such constant, or one of another type.
    """
    found = []
    for module_info in sorted(pkgutil.iter_modules(shelf.__path__), key=lambda info: info.name):
        if module_info.name.startswith("_") or module_info.ispkg:
            continue
        module = importlib.import_module(f"{shelf.__name__}.{module_info.name}")
        entry = getattr(module, name, None)
        if not isinstance(entry, kind):
            raise ConfigurationError(f"{shelf.__name__}.{module_info.name}: no {name} of type {kind.__name__}; add one")
        found.append(entry)
    return found
