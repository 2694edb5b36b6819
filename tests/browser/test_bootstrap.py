"""The look of Bootstrap 5 under Bootstrap's own style sheet, in a form that crispy forms render."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.forms import modelform_factory
from django.template import engines
from django.utils import translation
from playwright.sync_api import Route, expect
from pytest_django import Settings

from people.models import Person
from tests.browser.conftest import OpenTab, Tab
from tests.browser.pictures import SITTER
from tests.browser.programs import bootstrap_source
from tests.browser.site import Site
from tests.browser.test_upload_page import choose, near, upload
from versatile.widgets import Bootstrap5PPOIWidget

PAGE = """{% load crispy_forms_tags %}<!doctype html>
<html lang="{{ language }}" data-bs-theme="{{ theme }}">
<head>
  <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Bootstrap</title>
  <link rel="stylesheet" href="/bootstrap.css">{{ form.media }}
</head>
<body class="container py-4"><main>
  <h1 class="mb-4">A form of Bootstrap</h1>
  <form method="post" enctype="multipart/form-data">{{ form|crispy }}
    <button class="btn btn-primary">Save</button></form>
</main></body></html>"""
# Bootstrap's own marks of what is right and wrong are addresses of data.
POLICY = "default-src 'self'; img-src 'self' data:"
KEYS = [("hero", "crop__1200x600"), ("square", "crop__400x400"), ("band", "crop__1200x300")]

PersonForm: Any = modelform_factory(
    Person, fields=["name", "headshot"], widgets={"headshot": Bootstrap5PPOIWidget}
)
Show = Callable[..., Tab]


@pytest.fixture
def show(open_tab: OpenTab, site: Site, settings: Settings) -> Show:
    """Shows a form on a page of the site, which has the pictures and the script."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "crispy_forms", "crispy_bootstrap5"]
    settings.CRISPY_ALLOWED_TEMPLATE_PACKS = settings.CRISPY_TEMPLATE_PACK = "bootstrap5"
    settings.MEDIA_ROOT = site.folder / "media"
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"shapes": KEYS}}
    styles = bootstrap_source()

    def shown(form: Any, *, language: str = "en", theme: str = "light", **options: Any) -> Tab:
        # In another thread, for Playwright's loop runs in this one, and on a loop nothing is made.
        with ThreadPoolExecutor(1) as pool:
            html = pool.submit(render, form, language, theme).result()
        tab = open_tab("/picker/", color_scheme=theme, **options)

        def answer(route: Route) -> None:
            route.fulfill(
                body=html,
                content_type="text/html",
                headers={"Content-Security-Policy": POLICY},
            )

        tab.page.route(
            "**/bootstrap.css", lambda route: route.fulfill(body=styles, content_type="text/css")
        )
        tab.page.route("**/bootstrap/", answer)
        return tab.open("/bootstrap/")

    return shown


def render(form: Any, language: str, theme: str) -> str:
    """The page in a language."""
    context = {"form": form, "language": language, "theme": theme}
    with translation.override(language):
        return str(engines["django"].from_string(PAGE).render(context))


def stored() -> Person:
    point: Any = SITTER.face
    return Person(
        name="Mira Solberg",
        headshot="headshots/mira-solberg.jpg",
        headshot_width=1200,
        headshot_height=900,
        headshot_ppoi=point,
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_stored_picture_in_both_themes(show: Show, axe: str, theme: str):
    tab = show(PersonForm(instance=stored()), theme=theme)
    assert tab.picker.point == near(SITTER.face)
    expect(tab.picker.stage.locator("img")).to_be_visible()
    tab.shoot(f"bootstrap_{theme}", full_page=True)
    assert tab.violations(axe, "main") == []


def test_a_new_picture_is_pointed_at(show: Show):
    tab = show(PersonForm())
    choose(tab, upload(orientation=6))
    tab.picker.click((0.2, 0.7))
    assert tab.picker.point == near((0.2, 0.7))
    assert len(tab.picker.positions()) == len(KEYS)


def test_the_inputs_are_bootstraps(show: Show):
    """As wide as the others, with the same corners and lines."""
    tab = show(PersonForm(instance=stored()))
    script = """node => {
      const { borderRadius, borderColor, color } = getComputedStyle(node);
      return [borderRadius, borderColor, color, node.getBoundingClientRect().width];
    }"""
    name = tab.page.get_by_label("Name").evaluate(script)
    assert tab.page.locator("input[type=file]").evaluate(script) == name
    for number in tab.picker.element.get_by_role("spinbutton").all():
        assert number.evaluate(script)[1:3] == name[1:3]
    button = tab.picker.reset.evaluate("node => getComputedStyle(node).backgroundColor")
    assert button != "rgba(0, 0, 0, 0)"


def test_a_mistake_is_red_and_said_where_it_is(show: Show, axe: str):
    form = PersonForm({"name": "Mira", "headshot_1": "3x3"})
    form._post_clean = lambda: None  # which would ask the database
    tab = show(form)
    message = tab.page.locator(".invalid-feedback", has_text="invalid ppoi")
    expect(message).to_be_visible()
    choose(tab, upload())
    script = "node => getComputedStyle(node).borderColor"
    red = message.evaluate("node => getComputedStyle(node).color")
    for field in [tab.page.locator("input[type=file]"), *tab.page.locator("[data-axis]").all()]:
        assert field.evaluate(script) == red
    assert tab.violations(axe, "main") == []


def test_nothing_is_wider_than_a_phone(show: Show):
    tab = show(PersonForm(instance=stored()), size=(360, 740), has_touch=True, is_mobile=True)
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_page_in_german(show: Show):
    tab = show(PersonForm(instance=stored()), language="de")
    handle = tab.picker.handle
    expect(handle).to_have_accessible_name("Bildschwerpunkt")
    expect(handle).to_have_attribute("aria-valuetext", "24\xa0% von links, 40\xa0% von oben")
    tab.shoot("bootstrap_german", full_page=True)
