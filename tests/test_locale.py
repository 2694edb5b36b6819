"""The catalogues: whole, true to the sources, and compiled."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.utils import translation

import versatile
from versatile import widgets
from versatile.forms import PPOIImageField
from versatile.widgets.points import TEXTS

ROOT = Path(versatile.__file__).parent
LANGUAGES = sorted(path.name for path in (ROOT / "locale").iterdir())
KEYWORDS: Any = dict.fromkeys(["_", "gettext", "gettext_lazy"])
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
every_language = pytest.mark.parametrize("language", LANGUAGES)


@cache
def said_by_the_sources() -> set[str]:
    found = extract_from_dir(ROOT, [("**.py", "python")], keywords=KEYWORDS)
    return {str(message) for _, _, message, _, _ in found}


def file_of(language: str, suffix: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / f"django{suffix}"


def translated(language: str) -> Catalog:
    with file_of(language, ".po").open("rb") as file:
        return read_po(file, language)


def test_there_are_german_and_french() -> None:
    assert LANGUAGES == ["de", "fr"]


@every_language
def test_every_string_is_translated_and_none_is_left_over(language: str) -> None:
    catalogue = translated(language)
    messages = {str(message.id): message for message in catalogue if message.id}
    assert set(messages) == said_by_the_sources()
    assert [text for text, message in messages.items() if not message.string] == []
    assert [text for text, message in messages.items() if message.fuzzy] == []
    assert catalogue.obsolete == {}


@every_language
def test_what_is_filled_in_stays(language: str) -> None:
    for message in translated(language):
        if message.id:
            placeholders = PLACEHOLDER.findall(str(message.id))
            assert sorted(PLACEHOLDER.findall(str(message.string))) == sorted(placeholders)


@every_language
def test_the_compiled_catalogue_is_that_of_the_text(language: str) -> None:
    with file_of(language, ".mo").open("rb") as file:
        compiled = {message.id: message.string for message in read_mo(file) if message.id}
    assert compiled == {item.id: item.string for item in translated(language) if item.id}


@pytest.mark.parametrize(
    ("language", "label", "error"),
    [
        ("de", "Von links", "ist kein gültiger Bildschwerpunkt"),
        ("fr", "Depuis la gauche", "est pas un centre"),
    ],
)
def test_a_form_speaks_the_language_of_the_page(language: str, label: str, error: str) -> None:
    with translation.override(language):
        html = widgets.PPOIWidget().render("headshot", None)
        with pytest.raises(ValidationError) as caught:
            PPOIImageField(required=False).clean([None, "nowhere"])
        message = str(caught.value)
    assert f"<span>{label}</span>" in html
    assert error in message


def test_the_script_says_by_itself_what_the_server_tells_it_in_english() -> None:
    path = finders.find(widgets.SCRIPT)
    assert isinstance(path, str)
    source = Path(path).read_text(encoding="utf-8")
    table = source.partition("const TEXTS = {")[2].partition("};")[0]
    pairs = re.findall(r"(\w+):\s+((?:\"[^\"]*\"[\s+]*)+),", table)
    said = {name: "".join(re.findall(r'"([^"]*)"', text)) for name, text in pairs}
    assert said == {**{name: str(text) for name, text in TEXTS.items()}, "reset": said["reset"]}
    assert said["reset"] == str(widgets.PPOIInput.reset_text)
    assert set(re.findall(r"#text\(\"(\w+)\"\)", source)) <= set(said)
