"""The door of ``make bench``: speed, memory and counts beside the peers."""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    # Run as a file, Python looks for modules beside it; the package is one folder up.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    runpy.run_module("benchmarks.harness.command", run_name="__main__")
