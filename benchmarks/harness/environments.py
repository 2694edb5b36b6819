"""The virtual environments in which the two sides run, made once and kept."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCHMARKS = ROOT / "benchmarks"
REQUIREMENTS = BENCHMARKS / "requirements"
ENVIRONMENTS = BENCHMARKS / ".venvs"

LIBMAGIC_HINT = """\
The peer asks python-magic, and that asks the system's libmagic, which is not here.
On Debian and Ubuntu:  apt-get install -y libmagic1
On macOS:              brew install libmagic"""


class EnvironmentFailure(Exception):
    """An environment that cannot be made; the message says what to do."""


def interpreter(name: str) -> Path:
    """The Python of the environment of a side, which is made if it is not whole."""
    folder = ENVIRONMENTS / name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / "made-of"
    wanted = _fingerprint(name)
    if not stamp.is_file() or stamp.read_text() != wanted:
        print(f"making the environment of {name} ...", file=sys.stderr, flush=True)
        _run([sys.executable, "-m", "venv", "--clear", str(folder)])
        pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "install", "-r", str(REQUIREMENTS / f"{name}.txt")])
        stamp.write_text(wanted)
    return python


def require_libmagic(python: Path) -> None:
    """Nothing, or an ``EnvironmentFailure`` that says how to get libmagic."""
    if subprocess.run([python, "-c", "import magic"], check=False, capture_output=True).returncode:
        raise EnvironmentFailure(LIBMAGIC_HINT)


def _fingerprint(name: str) -> str:
    """What an environment was made of: other requirements or another Python make it again."""
    files = [REQUIREMENTS / "common.txt", REQUIREMENTS / f"{name}.txt"]
    if name == "ours":
        files.append(ROOT / "pyproject.toml")
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise EnvironmentFailure(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
