"""Setting: one key of ``VERSATILE``, as a row of a table."""

import sys
from dataclasses import dataclass
from typing import Any

OLD_SETTINGS = "VERSATILEIMAGEFIELD_SETTINGS"
AT_LEAST_1 = range(1, sys.maxsize)
"""The whole numbers that a limit may be."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of ``VERSATILE``: its default, its old name, and what it decides."""

    key: str
    default: Any
    """A value, or a function without arguments that gives it."""
    old_name: str | None
    """``NAME`` for a setting of its own, ``NAME[key]`` for a key of an old dictionary."""
    help: str
    per_field: bool = False
    """Whether a model field may say otherwise, by an option of this name in lower case."""
    choices: tuple[str | None, ...] = ()
    """The values that it may have, where they are few."""
    numbers: range | None = None
    """The whole numbers that it may be, beside its choices."""

    def misfit(self, value: Any) -> str | None:
        """What is wrong with a value that it may not have; None where nothing is."""
        allowed = [repr(choice) for choice in self.choices]
        if self.numbers is not None:
            end = "" if self.numbers == AT_LEAST_1 else f" to {self.numbers[-1]}"
            allowed.append(f"the whole numbers from {self.numbers[0]}{end}")
        if not allowed or value in self.choices or self._is_number(value):
            return None
        return f"is {value!r}, which is none of {', '.join(allowed)}"

    def _is_number(self, value: Any) -> bool:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole and self.numbers is not None and value in self.numbers

    @property
    def old_key(self) -> str | None:
        """The key in ``VERSATILEIMAGEFIELD_SETTINGS``, if that is where it was."""
        if self.old_name and self.old_name.startswith(OLD_SETTINGS + "["):
            return self.old_name[len(OLD_SETTINGS) + 1 : -1]
        return None


def old_key(key: str) -> str:
    """The old name of a key of django-versatileimagefield's dictionary."""
    return f"{OLD_SETTINGS}[{key}]"
