"""Setting: one key of ``VERSATILE``, as a row of a table."""

from dataclasses import dataclass
from typing import Any

OLD_SETTINGS = "VERSATILEIMAGEFIELD_SETTINGS"


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

    def misfit(self, value: Any) -> str | None:
        """What is wrong with a value that is none of the choices; None where nothing is."""
        if not self.choices or value in self.choices:
            return None
        return f"is {value!r}, which is none of {', '.join(map(repr, self.choices))}"

    @property
    def old_key(self) -> str | None:
        """The key in ``VERSATILEIMAGEFIELD_SETTINGS``, if that is where it was."""
        if self.old_name and self.old_name.startswith(OLD_SETTINGS + "["):
            return self.old_name[len(OLD_SETTINGS) + 1 : -1]
        return None


def old_key(key: str) -> str:
    """The old name of a key of django-versatileimagefield's dictionary."""
    return f"{OLD_SETTINGS}[{key}]"
