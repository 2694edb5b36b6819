"""The house as `docs/architecture.rst` draws it: what import-linter and ruff cannot say."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import versatile

ROOT = Path(versatile.__file__).parent

FLOORS = {
    *("conf", "exceptions", "signals"),
    *("imaging", "processors", "detect"),
    "renditions",
    *("registry", "sizers", "filters", "specs", "rendition_keys", "placeholder"),
    *("versatileimagefield", "imagegenerators"),
    *("validators", "files", "widgets", "forms", "fields"),
    *("queues", "image_warmer", "serializers", "admin", "templatetags", "management"),
    *("views", "urls", "checks", "apps", "testing"),
}
OLD_PATHS = {
    *("datastructures", "utils", "settings", "mixins"),
    *("cachefiles", "models", "generatorlibrary"),
}
NOT_CODE = {"__init__", "py", "templates", "jinja2", "static", "locale"}

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40
MAX_OLD_PATH_LINES = 40

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

FILES = sorted(ROOT.rglob("*.py"))
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions_of(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, FUNCTIONS):
            yield node


def is_old_path(path: Path) -> bool:
    return path.relative_to(ROOT).with_suffix("").parts[0] in OLD_PATHS


def test_the_top_level_holds_what_the_house_lists() -> None:
    names = {path.stem for path in ROOT.iterdir() if path.name != "__pycache__"}
    assert names - FLOORS - OLD_PATHS - NOT_CODE == set()


@every_file
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert line_count(path) <= MAX_FILE_LINES


@every_file
def test_a_function_fits_on_a_screen(path: Path) -> None:
    long = {
        function.name: function.end_lineno - function.lineno + 1
        for function in functions_of(path)
        if function.end_lineno and function.end_lineno - function.lineno >= MAX_FUNCTION_LINES
    }
    assert long == {}


@every_file
def test_nothing_is_printed(path: Path) -> None:
    calls = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    prints = [
        call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]
    assert prints == []


@every_file
def test_imports_stand_at_module_level(path: Path) -> None:
    lazy = {id(node) for node in tree_of(path).body if getattr(node, "name", "") == "__getattr__"}
    imports = [
        f"{function.name}, line {node.lineno}"
        for function in functions_of(path)
        if id(function) not in lazy
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert imports == []


@every_file
def test_an_old_path_is_a_thin_one(path: Path) -> None:
    if is_old_path(path):
        assert line_count(path) <= MAX_OLD_PATH_LINES
