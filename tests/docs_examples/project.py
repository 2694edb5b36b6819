"""Running the tutorial: its files are written and its commands run, in a folder of its own."""

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import groupby
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urljoin
from urllib.request import urlopen

import pytest
from PIL import Image

from tests.docs_examples.blocks import Block
from tests.docs_examples.running import commands_of, is_ours, matches
from tests.servers import free_port

APPENDED = ", at the end"
"""How the caption of a block says that it is not the whole file."""

PATIENCE = 30.0
"""Seconds in which the development server has to answer."""

SESSION = """
import django, doctest, sys
django.setup()
test = doctest.DocTestParser().get_doctest(sys.stdin.read(), {}, "session", "tutorial", 0)
runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
runner.run(test)
sys.exit(runner.failures)
"""


class Project:
    """A project that grows with the tutorial."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        bin = Path(sys.executable).parent
        self.environment = {
            **os.environ,
            "PATH": f"{bin}{os.pathsep}{os.environ['PATH']}",
            "DJANGO_SETTINGS_MODULE": "mysite.settings",
            "PYTHONPATH": str(folder),
        }

    def follow(self, blocks: Iterable[Block]) -> None:
        """Do what each block says."""
        for is_typed, group in groupby(blocks, key=lambda block: block.language == "pycon"):
            if is_typed:
                self._session(list(group))
            else:
                for block in group:
                    self._do(block)

    def _do(self, block: Block) -> None:
        if block.caption:
            self._write(block)
        elif block.language == "console":
            for command, expected in commands_of(block):
                self._command(block, shlex.split(command), expected)
        else:
            pytest.fail(f"{block}: nobody runs {block.language}")

    def _session(self, blocks: Sequence[Block]) -> None:
        """What is typed into one shell, until something else is done."""
        typed = "\n".join(block.text for block in blocks)
        printed = self._run(blocks[0], [sys.executable, "-c", SESSION], typed)
        assert printed == "", f"{blocks[0]}:\n{printed}"

    def _write(self, block: Block) -> None:
        path = self.folder / block.caption.removesuffix(APPENDED)
        path.parent.mkdir(parents=True, exist_ok=True)
        if block.caption.endswith(APPENDED):
            path.write_text(path.read_text() + "\n" + block.text)
        else:
            path.write_text(block.text)

    def _command(self, block: Block, words: list[str], expected: str) -> None:
        match words:
            case ["python", "-m", "pip", "install", requirement]:
                is_ours(requirement)
            case ["python", "manage.py", "runserver"]:
                self._visit()
            case _:
                printed = self._run(block, words)
                assert matches(printed, expected), f"{block}: {words} prints\n{printed}"

    def _run(self, block: Block, words: list[str], typed: str = "") -> str:
        ran = subprocess.run(
            words,
            cwd=self.folder,
            env=self.environment,
            input=typed,
            text=True,
            capture_output=True,
            check=False,
        )
        assert ran.returncode == 0, f"{block}: {words}\n{ran.stdout}{ran.stderr}"
        return ran.stdout

    def _visit(self) -> None:
        """Look at the page and at every picture on it, as a browser would."""
        with self._server() as address:
            page = _fetch(address).decode()
            pictures = re.findall(r'<img[^>]*? src="([^"]+)"', page)
            assert pictures, page
            for url in pictures:
                with Image.open(BytesIO(_fetch(urljoin(address, url)))) as picture:
                    picture.load()

    @contextmanager
    def _server(self) -> Iterator[str]:
        port = free_port()
        command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
        server = subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            address = f"http://127.0.0.1:{port}/"
            _wait_for(address)
            yield address
        finally:
            server.terminate()
            server.wait()


def _wait_for(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            _fetch(address)
        except URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"nobody answers at {address}")


def _fetch(address: str) -> bytes:
    with urlopen(address) as answer:
        content: bytes = answer.read()
        return content
