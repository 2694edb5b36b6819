"""The admin in German and French: what is seen, and what Chromium tells a screen reader."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenTab, Tab
from tests.browser.site import EDITOR, VIEWER, Site, serve_in
from tests.browser.test_upload_page import choose, upload

# ruff: noqa: RUF001 - a French apostrophe
SAID: dict[str, dict[str, str]] = {
    "de": {
        "name": "Bildschwerpunkt",
        "roledescription": "Punkt auf einem Bild",
        "value": "51\xa0% von links, 50\xa0% von oben",
        "help": "Klicken Sie auf das Bild",
        "left": "Von links",
        "top": "Von oben",
        "reset": "In die Mitte zurücksetzen",
        "empty": "Wählen Sie ein Bild, um seinen Schwerpunkt zu setzen.",
        "loaded": "Das neue Bild wird angezeigt.",
        "centre": "50\xa0% von links, 50\xa0% von oben",
        "unreadable": "Dieses Bild kann nicht angezeigt werden.",
        "bubble": "51\xa0% · 50\xa0%",
        "cleared": "Das Bild wird entfernt.",
        "shown": "Schwerpunkt: 66\xa0% von links, 36\xa0% von oben",
    },
    "fr": {
        "name": "Centre d’intérêt",
        "roledescription": "point sur une image",
        "value": "51\xa0% depuis la gauche, 50\xa0% depuis le haut",
        "help": "Cliquez sur l’image",
        "left": "Depuis la gauche",
        "top": "Depuis le haut",
        "reset": "Ramener au centre",
        "empty": "Choisissez une image pour définir son centre d’intérêt.",
        "loaded": "La nouvelle image est affichée.",
        "centre": "50\xa0% depuis la gauche, 50\xa0% depuis le haut",
        "unreadable": "Cette image ne peut pas être affichée.",
        "bubble": "51\xa0% · 50\xa0%",
        "cleared": "L’image sera supprimée.",
        "shown": "Centre d’intérêt\xa0: 66\xa0% depuis la gauche, 36\xa0% depuis le haut",
    },
}
Open = Callable[..., Tab]


@pytest.fixture(scope="module", params=SAID)
def abroad(request: pytest.FixtureRequest, site: Site) -> Iterator[tuple[Site, dict[str, str]]]:
    """The site in another language, and what is said there."""
    with serve_in(request.param, site.folder) as running:
        yield running, SAID[request.param]


@pytest.fixture
def open_abroad(
    abroad: tuple[Site, dict[str, str]], open_tab: OpenTab, log_in: Callable[[str], Any]
) -> Open:
    """Opens a page of the admin there."""

    def opened(address: str, user: str = EDITOR) -> Tab:
        return open_tab(f"{abroad[0].url}/admin/{address}", storage_state=log_in(user))

    return opened


@pytest.fixture
def said(abroad: tuple[Site, dict[str, str]]) -> dict[str, str]:
    return abroad[1]


def told_of_the_slider(tab: Tab) -> dict[str, str]:
    """The slider in the tree that Chromium hands to a screen reader."""
    session = tab.page.context.new_cdp_session(tab.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    (slider,) = [node for node in nodes if node.get("role", {}).get("value") == "slider"]
    properties = {item["name"]: item["value"].get("value") for item in slider["properties"]}
    texts = {part: slider[part]["value"] for part in ("name", "description")}
    return {**properties, **texts}


def test_the_picker_speaks_the_language_of_the_page(
    open_abroad: Open, said: dict[str, str], axe: str
):
    tab = open_abroad("people/person/add/")
    picker = tab.picker
    expect(picker.element).to_contain_text(said["empty"])
    choose(tab, upload())
    status = picker.element.get_by_role("status")
    expect(status).to_have_text(said["loaded"])
    picker.handle.focus()
    tab.page.keyboard.press("ArrowRight")
    expect(picker.bubble).to_have_text(said["bubble"])
    told = told_of_the_slider(tab)
    assert told["name"] == said["name"]
    assert told["roledescription"] == said["roledescription"]
    # The tree of Chromium's tools has no valuetext; those of the platforms take the attribute.
    expect(picker.handle).to_have_attribute("aria-valuetext", said["value"])
    assert told["description"].startswith(said["help"])
    for part in ("left", "top"):
        expect(picker.element.get_by_label(said[part], exact=True)).to_be_visible()
    picker.element.get_by_role("button", name=said["reset"], exact=True).click()
    expect(status).to_have_text(said["centre"])
    assert tab.violations(axe, ".versatileimagefield") == []
    language = tab.page.locator("html").get_attribute("lang")
    tab.shoot(f"admin_{language}", of=tab.main)


def test_what_cannot_be_shown_is_said_there_too(open_abroad: Open, said: dict[str, str]):
    tab = open_abroad("people/person/add/")
    file: Any = {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    tab.page.locator("input[type=file]").set_input_files(file)
    expect(tab.picker.element.get_by_role("status")).to_contain_text(said["unreadable"])


def test_what_will_be_removed_is_said_there_too(open_abroad: Open, said: dict[str, str]):
    tab = open_abroad("people/person/1/change/")
    tab.page.locator("input[name=headshot_0-clear]").check()
    expect(tab.picker.element.get_by_role("status")).to_have_text(said["cleared"])


def test_who_may_only_view_reads_it_there_too(open_abroad: Open, said: dict[str, str]):
    tab = open_abroad("albums/album/1/change/", user=VIEWER)
    expect(tab.page.locator(".field-cover")).to_contain_text(said["shown"])
