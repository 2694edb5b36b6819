"""Running the blocks of a page, one after the other, in one namespace."""

import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.core.management import call_command
from django.db.models import Model
from django.template import engines
from django.test import override_settings
from pytest_django import Settings

from tests.docs_examples.blocks import ROOT, SETUP, Block
from versatile.checks import check_settings

Namespace = dict[str, Any]

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
PROMPT = "$ "
SETTINGS_FILE = "settings.py"
DISTRIBUTION = "django-versatile"
MODULE = "people.models"
MODULE_FILE = ROOT / "sample_project" / "people" / "models.py"
"""Where the code of the pages believes to stand."""


class Runner:
    """Runs the blocks of one page as a reader would."""

    def __init__(self, namespace: Namespace, settings: Settings) -> None:
        self.namespace: Namespace = {"__name__": MODULE, "__file__": str(MODULE_FILE), **namespace}
        self.settings = settings
        self.rendered = ""

    def run(self, blocks: Iterable[Block]) -> None:
        """Run them all; the first that fails is named."""
        languages: dict[str, Callable[[Block], None]] = {
            SETUP: self.python,
            "python": self.python,
            "pycon": self.session,
            "html+django": self.template,
            "html": self.output,
            "console": self.console,
            "css": _is_of_the_sample,
            "javascript": _is_of_the_sample,
            "none": _is_no_code,
            "text": _is_no_code,
        }
        for block in blocks:
            assert block.language in languages, f"{block}: nobody runs {block.language}"
            languages[block.language](block)

    def python(self, block: Block) -> None:
        """Python as a module would have it; settings take effect, models are checked."""
        before = dict(self.namespace)
        # Empty lines above, so that a traceback names the line of the page.
        code = compile("\n" * (block.line - 1) + block.text, block.place, "exec")
        exec(code, self.namespace)
        new = {key: value for key, value in self.namespace.items() if before.get(key) is not value}
        if block.caption.endswith(SETTINGS_FILE):
            self._configure(block, new)
        assert _problems(new.values()) == [], str(block)

    def session(self, block: Block) -> None:
        """An interactive session: what it prints is compared."""
        said = io.StringIO()
        test = doctest.DocTestParser().get_doctest(
            block.text, self.namespace, str(block), block.place, block.line
        )
        test.globs = self.namespace
        runner = doctest.DocTestRunner(optionflags=OPTIONS)
        runner.run(test, out=said.write, clear_globs=False)
        assert runner.failures == 0, said.getvalue()

    def template(self, block: Block) -> None:
        """A template; the HTML block that follows shows what it gives."""
        context = {key: value for key, value in self.namespace.items() if not key.startswith("_")}
        self.rendered = engines["django"].from_string(block.text).render(context)
        assert self.rendered.strip(), f"{block} renders nothing"

    def output(self, block: Block) -> None:
        """What the template before it has given, but for white space."""
        assert _squeezed(self.rendered) == _squeezed(block.text), str(block)

    def console(self, block: Block) -> None:
        """Commands, and what they print."""
        for command, expected in commands_of(block):
            printed = self._pipe(command) if " | " in command else self._command(command)
            assert matches(printed, expected), f"{block}: {command} prints\n{printed}"

    def _pipe(self, command: str) -> str:
        """What the shell makes of it, in the folder that the page has made."""
        return subprocess.check_output(command, shell=True, cwd=self.namespace["folder"], text=True)

    def _command(self, command: str) -> str:
        match shlex.split(command):
            case ["python", "manage.py", name, *arguments]:
                printed = io.StringIO()
                with redirect_stdout(printed):
                    call_command(name, *arguments)
                return printed.getvalue()
            case ["python", "-m", "pip", "install", requirement]:
                is_ours(requirement)
                return ""
            case ["make", *targets]:
                subprocess.run(["make", "--dry-run", *targets], cwd=ROOT, check=True)
                return ""
            case ["fab", task]:
                assert task in _fab("--list").split()
                return ""
        pytest.fail(f"nobody knows how to run {command}")

    def _configure(self, block: Block, names: Namespace) -> None:
        for name, value in names.items():
            if name.startswith(("VERSATILE", "IMAGEKIT_")):
                setattr(self.settings, name, value)
        named = {name: names[name] for name in ("CACHES", "STORAGES") if name in names}
        with override_settings(**named):
            messages: list[CheckMessage] = check_settings()
        assert [str(message) for message in messages] == [], str(block)


def commands_of(block: Block) -> list[tuple[str, str]]:
    """The commands of a console block, each with the lines that it prints."""
    found: list[tuple[str, str]] = []
    for line in block.text.splitlines():
        if line.startswith(PROMPT):
            found.append((line.removeprefix(PROMPT), ""))
        elif line:
            command, printed = found.pop()
            found.append((command, f"{printed}{line}\n"))
    return found


def matches(printed: str, expected: str) -> bool:
    """Whether a command prints what its block shows; a block may show nothing of it."""
    checker = doctest.OutputChecker()
    return not expected or checker.check_output(expected, printed.replace("\r", "\n"), OPTIONS)


def _fab(option: str) -> str:
    fab = Path(sys.executable).with_name("fab")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "sample.settings"}
    return subprocess.check_output(
        [fab, option], cwd=ROOT / "sample_project", env=environment, text=True
    )


def is_ours(requirement: str) -> None:
    """Fail for what pip would not find in our package."""
    match = re.fullmatch(r"([\w-]+)(?:\[(\w+)\])?", requirement)
    assert match, requirement
    assert match[1] == DISTRIBUTION
    if match[2]:
        assert match[2] in (metadata(DISTRIBUTION).get_all("Provides-Extra") or [])


def _problems(values: Iterable[Any]) -> list[CheckMessage]:
    models = [value for value in values if isinstance(value, type) and issubclass(value, Model)]
    return [
        message
        for model in models
        if model is not Model and not model._meta.abstract
        for message in model.check()
        if message.is_serious()
    ]


def _squeezed(html: str) -> str:
    return re.sub(r"\s+", " ", html).strip()


def _is_of_the_sample(block: Block) -> None:
    """What only a browser can run: the sample project has it, and is tested in a browser."""
    files = (ROOT / "sample_project").rglob("static/**/*.*")
    assert any(block.text.strip() in path.read_text() for path in files), str(block)


def _is_no_code(block: Block) -> None:
    """Trees, tables of names and the like."""
