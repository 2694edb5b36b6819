"""The widgets with every renderer that Django has, and with crispy forms."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import inlineformset_factory, modelform_factory
from django.forms.renderers import DjangoTemplates, Jinja2, TemplatesSetting
from django.template import engines
from django.test.html import parse_html
from django.utils import translation
from pytest_django import Settings

import versatile.forms
from tests.drawing import photo_bytes
from tests.testapp.models import Person, Portrait
from versatile import widgets

ALL = [
    widgets.PPOIWidget,
    widgets.AdminPPOIWidget,
    widgets.Bootstrap5PPOIWidget,
    widgets.PPOISelectWidget,
    widgets.SizedImageCenterpointClickBootstrap3Widget,
]
TEMPLATES = Path(versatile.__file__).parent / "templates" / widgets.TEMPLATES
JINJA = Path(versatile.__file__).parent / "jinja2" / widgets.TEMPLATES


@pytest.fixture
def stored() -> Any:
    point: Any = (0.25, 0.75)
    person = Person(name="Ann", headshot_ppoi=point)
    person.headshot.save("a b.jpg", SimpleUploadedFile("x", photo_bytes((640, 480))), save=False)
    return person.headshot


@pytest.fixture
def crispy(settings: Settings) -> Callable[[Any], str]:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "crispy_forms", "crispy_bootstrap5"]
    settings.CRISPY_ALLOWED_TEMPLATE_PACKS = settings.CRISPY_TEMPLATE_PACK = "bootstrap5"

    def render(form: Any) -> str:
        code = "{% load crispy_forms_tags %}{{ form|crispy }}{{ form.media }}"
        return str(engines["django"].from_string(code).render({"form": form}))

    return render


def test_there_is_each_template_for_both_engines() -> None:
    names = {path.name for path in TEMPLATES.iterdir()}
    assert names == {path.name for path in JINJA.iterdir()}
    assert "ppoi.html" in names


@pytest.mark.parametrize("attrs", [{}, {"id": "id_h"}, {"id": "id_h", "disabled": True}])
@pytest.mark.parametrize("filled", [False, True])
@pytest.mark.parametrize("widget_class", ALL)
def test_both_engines_render_the_same(
    widget_class: Any, filled: bool, attrs: dict[str, Any], stored: Any, settings: Settings
) -> None:
    settings.VERSATILE = {"RENDITION_KEY_SETS": {"set": [("<c>", "crop__400x300")]}}
    value = stored if filled else None
    attrs = {**attrs, "data-it": "\"'<", "aria-invalid": "true"}
    with translation.override("de"):
        django, jinja = (
            widget_class().render("headshot", value, attrs, renderer=renderer)
            for renderer in [DjangoTemplates(), Jinja2()]
        )
    assert parse_html(django) == parse_html(jinja)
    assert 'name="headshot_0"' in jinja


def test_a_projects_own_renderer_renders_them(stored: Any, settings: Settings) -> None:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.forms"]
    html = widgets.PPOIWidget().render("headshot", stored, renderer=TemplatesSetting())
    assert parse_html(html) == parse_html(widgets.PPOIWidget().render("headshot", stored))


class TestCrispy:
    """Forms of ``django-crispy-forms`` with Bootstrap 5's template pack."""

    @pytest.mark.parametrize("widget_class", [widgets.PPOIWidget, widgets.Bootstrap5PPOIWidget])
    def test_the_picker_is_there_with_bootstraps_classes(
        self, widget_class: Any, stored: Any, crispy: Callable[[Any], str]
    ) -> None:
        form_class: Any = modelform_factory(
            Person, fields=["headshot"], widgets={"headshot": widget_class}
        )
        html = crispy(form_class(instance=stored.instance))
        assert '<versatile-ppoi role="group"' in html
        assert html.count("form-control") >= 3
        assert "form-control form-control form-control" not in html
        assert "<script" in html

    def test_a_mistake_stands_beside_the_field_where_bootstrap_shows_it(
        self, crispy: Callable[[Any], str]
    ) -> None:
        # .invalid-feedback is only shown after a sibling that is .is-invalid.
        form_class: Any = modelform_factory(
            Person, fields=["headshot"], widgets={"headshot": widgets.Bootstrap5PPOIWidget}
        )
        html = crispy(form_class({"headshot_1": "nowhere"}))
        ours = re.search(r'<div class="versatileimagefield [^"]*is-invalid', html)
        message = html.index("invalid-feedback")
        assert ours is not None
        assert ours.start() < message
        assert html.count("is-invalid") >= 4
        assert "invalid ppoi" in html[message:]


@pytest.mark.django_db
def test_a_formset_numbers_its_inputs() -> None:
    formset_class: Any = inlineformset_factory(
        Person, Portrait, fields=["image"], extra=2, widgets={"image": widgets.PPOIWidget}
    )
    formset = formset_class(instance=Person.objects.create(name="Ann"))
    html = str(formset)
    for number in range(2):
        assert f'name="portraits-{number}-image_1"' in html
        assert f'for="id_portraits-{number}-image_0"' in html
    empty = str(formset.empty_form["image"])
    assert 'id="id_portraits-__prefix__-image_1" for="id_portraits-__prefix__-image_0"' in empty


class Form(forms.Form):
    """A form that is no model's."""

    image = versatile.forms.PPOIImageField(required=False)


def test_a_plain_form_takes_numbers_too() -> None:
    files = {"image_0": SimpleUploadedFile("x.jpg", photo_bytes((64, 48)))}
    form = Form({"image_1_x": "0.125", "image_1_y": "1"}, files)  # type: ignore[arg-type]
    assert form.is_valid(), form.errors
    assert form.cleaned_data["image"][1] == "0.125x1.0"
