import logging
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.fields.files import FieldFile
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.forms.widgets import FILE_INPUT_CONTRADICTION
from django.utils import translation
from pytest_django import Settings

from tests.drawing import photo_bytes
from tests.testapp.models import Person, Portrait
from versatile import widgets

ALL = [
    widgets.SizedImageCenterpointClickBootstrap3Widget,
    widgets.SizedImageCenterpointClickDjangoAdminWidget,
    widgets.VersatileImagePPOIClickWidget,
    widgets.VersatileImagePPOISelectWidget,
]
WidgetClass = Callable[[], forms.MultiWidget]
every_widget = pytest.mark.parametrize("widget_class", ALL)


def stored(name: str = "x.jpg", size: tuple[int, int] = (640, 480)) -> Any:
    """A person with a headshot and a point, not in the database."""
    person: Any = Person(name="Ann")
    person.headshot.save(name, ContentFile(photo_bytes(size)), save=False)
    person.headshot.ppoi = (0.2, 0.3)
    return person


def render(widget: forms.Widget, value: object, **attrs: object) -> str:
    return widget.render("headshot", value, {"id": "id_headshot", **attrs})


def test_the_choices_name_their_places() -> None:
    names = {text: str(label) for text, label in widgets.CENTERPOINT_CHOICES}
    across = {"0.0": "Left", "0.5": "Center", "1.0": "Right"}
    down = {"0.0": "Top", "0.5": "Middle", "1.0": "Bottom"}
    expected = {f"{x}x{y}": f"{down[y]} {across[x]}" for x in across for y in down}
    assert names == expected
    assert names["0.0x0.5"] == "Middle Left"


@every_widget
def test_the_post_names_are_those_that_sites_know(widget_class: WidgetClass) -> None:
    html = render(widget_class(), stored().headshot)
    assert 'type="file" name="headshot_0"' in html
    assert 'name="headshot_1"' in html
    assert 'name="headshot_0-clear"' in html


@every_widget
def test_a_stored_image_has_a_preview_with_its_size(
    widget_class: WidgetClass,
) -> None:
    html = render(widget_class(), stored().headshot)
    chosen = widget_class is widgets.VersatileImagePPOISelectWidget
    size, width, height = ("300x300", 300, 225) if chosen else ("640x640", 640, 480)
    assert f'src="/media/__sized__/headshots/x-thumbnail-{size}-70.jpg"' in html
    assert f'width="{width}" height="{height}" alt="Preview of headshots/x.jpg"' in html
    assert html.count("<img") == 1
    assert '<a href="/media/headshots/x.jpg">headshots/x.jpg</a>' in html


@every_widget
def test_every_input_has_a_label(widget_class: WidgetClass) -> None:
    html = render(widget_class(), stored().headshot)
    assert 'for="id_headshot_0"' in html
    point = r'for="id_headshot_1"|<label[^>]*><span>From the left</span>\s*<input'
    assert re.search(point, html)
    assert 'for="headshot_0-clear_id"' in html
    assert 'id="headshot_0-clear_id"' in html


@every_widget
def test_nothing_is_scripted_or_styled_inline(widget_class: WidgetClass) -> None:
    html = render(widget_class(), stored().headshot)
    assert "<script" not in html
    assert "style=" not in html
    assert not re.search(r"\son\w+=", html)
    assert not re.search(r"(src|href)=.(data|blob|javascript):", html)


@every_widget
def test_nothing_stored_shows_the_inputs_alone(widget_class: WidgetClass) -> None:
    html = render(widget_class(), None)
    assert 'name="headshot_0"' in html
    assert "0.5x0.5" in html
    assert "<img" not in html
    assert "0-clear" not in html


@every_widget
def test_the_stylesheet_is_in_the_media(widget_class: WidgetClass) -> None:
    assert "versatile/css/versatile.css" in str(widget_class().media)


@pytest.mark.parametrize(
    ("widget_class", "mark"),
    [
        (widgets.SizedImageCenterpointClickBootstrap3Widget, "form-group"),
        (widgets.SizedImageCenterpointClickBootstrap3Widget, "btn btn-default"),
        (widgets.Bootstrap5PPOIWidget, "form-check-input"),
        (widgets.Bootstrap5PPOIWidget, "form-control form-control-sm"),
        (widgets.SizedImageCenterpointClickDjangoAdminWidget, "versatileimagefield-admin"),
        (lambda: widgets.PPOIWidget(look=widgets.Look(button="rounded")), "rounded"),
        (lambda: widgets.PPOISelectWidget(look=widgets.BOOTSTRAP5), "form-select"),
    ],
)
def test_each_look_has_its_classes(widget_class: WidgetClass, mark: str) -> None:
    html = render(widget_class(), stored().headshot)
    assert re.search(rf'class="([^"]* )?{mark}( [^"]*)?"', html)
    assert 'class=""' not in html


def test_only_an_optional_image_can_be_cleared() -> None:
    widget = widgets.VersatileImagePPOIClickWidget()
    widget.is_required = True
    assert "0-clear" not in render(widget, stored().headshot)
    assert widget.value_from_datadict({"headshot_0-clear": "on"}, {}, "headshot") == [None, None]
    widget.is_required = False
    assert widget.value_from_datadict({"headshot_0-clear": "on"}, {}, "headshot") == [False, None]


def test_an_upload_that_is_to_be_cleared_too_is_a_contradiction() -> None:
    widget = widgets.VersatileImagePPOIClickWidget()
    files = {"headshot_0": SimpleUploadedFile("x.jpg", b"x")}
    data = {"headshot_0-clear": "on", "headshot_1": "0.1x0.2"}
    pair = widget.value_from_datadict(data, files, "headshot")
    assert pair == [FILE_INPUT_CONTRADICTION, "0.1x0.2"]


def test_the_text_shows_the_point() -> None:
    html = render(widgets.VersatileImagePPOIClickWidget(), stored().headshot)
    assert 'name="headshot_1" value="0.2x0.3"' in html
    assert 'name="headshot_1_x" value="0.2"' in html
    assert 'name="headshot_1_y" value="0.3"' in html


def test_an_empty_file_shows_its_point_which_another_field_may_use() -> None:
    point: Any = (0.7, 0.8)
    empty = Person(headshot_ppoi=point).headshot
    html = render(widgets.VersatileImagePPOIClickWidget(), empty)
    assert 'value="0.7x0.8"' in html


def test_a_choice_of_nine_keeps_a_point_between_them() -> None:
    html = render(widgets.VersatileImagePPOISelectWidget(), stored().headshot)
    assert '<option value="0.2x0.3" selected>0.2x0.3</option>' in html
    assert html.count("<option") == 10


def test_a_choice_of_nine_finds_whole_numbers() -> None:
    person = stored()
    person.headshot.ppoi = (0, 1)
    html = render(widgets.VersatileImagePPOISelectWidget(), person.headshot)
    assert '<option value="0.0x1.0" selected>Bottom Left</option>' in html
    assert html.count("<option") == 9


def test_a_choice_of_nine_shows_what_is_no_point_again() -> None:
    html = render(widgets.VersatileImagePPOISelectWidget(), [None, "nowhere"])
    assert '<option value="nowhere" selected>nowhere</option>' in html


def test_names_and_texts_are_escaped() -> None:
    portrait = Portrait(image='"><script>.jpg')
    widget = widgets.VersatileImagePPOIClickWidget()
    html = render(widget, [portrait.image, '"><script>'])
    assert "<script" not in html


def test_the_preview_is_made_although_nothing_is_made_on_demand(
    settings: Settings, media_root: Path
) -> None:
    settings.VERSATILE = {"CREATE_ON_DEMAND": False}
    file = stored().headshot
    assert "<img" in render(widgets.ClearableFileInputWithImagePreview(), file)
    assert (media_root / "__sized__/headshots/x-thumbnail-300x300-70.jpg").is_file()
    assert file.create_on_demand is False


@pytest.mark.parametrize("content", [None, b"", b"no picture", photo_bytes((640, 480))[:900]])
def test_a_bad_file_costs_the_preview_only_and_one_record(
    content: bytes | None, media_root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = stored().headshot
    path = media_root / "headshots/x.jpg"
    path.unlink() if content is None else path.write_bytes(content)
    portrait = Portrait(image=file.name)
    with caplog.at_level(logging.ERROR):
        html = render(widgets.VersatileImagePPOIClickWidget(), portrait.image)
    assert "<img" not in html
    assert re.search(r"<versatile-ppoi [^>]* stored ", html)
    assert '<a href="/media/headshots/x.jpg">' in html
    assert 'name="headshot_0-clear"' in html
    assert len(caplog.records) == 1
    assert file.name in caplog.text


class Unreachable(FileSystemStorage):
    """A storage that fails whenever it is asked."""

    def url(self, name: str | None) -> str:
        raise RuntimeError("no network")

    def _open(self, name: str, mode: str = "rb") -> ContentFile:
        raise RuntimeError("no network")

    exists = url  # type: ignore[assignment]


def test_a_failing_storage_leaves_a_form_to_mend_the_file(
    caplog: pytest.LogCaptureFixture,
) -> None:
    file = Portrait(image="headshots/x.jpg").image
    file.storage = Unreachable()
    html = render(widgets.VersatileImagePPOIClickWidget(), file)
    assert "headshots/x.jpg" in html
    assert "<a " not in html
    assert "<img" not in html
    assert 'name="headshot_0-clear"' in html
    assert len(caplog.records) == 2


def test_a_file_of_another_field_has_a_preview_too() -> None:
    file = stored().headshot
    other = FieldFile(None, SimpleNamespace(storage=file.storage), file.name)  # type: ignore[arg-type]
    html = render(widgets.ClearableFileInputWithImagePreview(), other)
    assert "x-thumbnail-300x300-70.jpg" in html


def test_the_preview_of_such_a_file_is_not_that_of_a_filter() -> None:
    file = stored().headshot
    folder, _, base = str(file.name).rpartition("/")
    name = f"{folder}/__filtered__/{base.removesuffix('.jpg')}__invert__.jpg"
    file.storage.save(name, ContentFile(photo_bytes((400, 300))))
    other = FieldFile(None, SimpleNamespace(storage=file.storage), name)  # type: ignore[arg-type]
    html = render(widgets.ClearableFileInputWithImagePreview(), other)
    assert "__invert__~" in html
    assert file.filters.invert.thumbnail.rendition("300x300").name not in html


def test_what_only_has_a_url_is_linked() -> None:
    html = render(widgets.ClearableFileInputWithImagePreview(), SimpleNamespace(url="/somewhere/"))
    assert '<a href="/somewhere/">' in html
    assert "<img" not in html


def test_a_size_is_written_as_html_wants_it_in_every_language() -> None:
    person = stored()
    with translation.override("de"):
        html = render(widgets.VersatileImagePPOIClickWidget(), person.headshot)
    assert 'width="640" height="480"' in html


def test_attributes_reach_the_inputs() -> None:
    widget = widgets.ClearableFileInputWithImagePreview(attrs={"class": "mine"})
    html = render(widget, None)
    assert 'accept="image/*' in html
    assert 'class="mine"' in html
    assert 'accept="image/png"' in render(type(widget)(attrs={"accept": "image/png"}), None)
    assert html.count("headshot") == 3


def test_a_heic_can_be_chosen_where_it_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert 'accept="image/*"' in render(widgets.PPOIWidget(), None)
    monkeypatch.undo()
    pytest.importorskip("pillow_heif", reason="install the extra heif")
    assert 'accept="image/*,.heic,.heif,.hif"' in render(widgets.PPOIWidget(), None)


def test_an_app_can_override_a_template(tmp_path: Path) -> None:
    folder = tmp_path / "versatile/forms/widgets"
    folder.mkdir(parents=True)
    (folder / "ppoi.html").write_text("mine: {{ widget.name }}")

    class Renderer(DjangoTemplates):
        @property
        def engine(self):
            options = {"APP_DIRS": True, "DIRS": [tmp_path], "NAME": "x", "OPTIONS": {}}
            return self.backend(options)

    widget = widgets.PPOIInput()
    assert "mine: headshot_1" in widget.render("headshot_1", "", renderer=Renderer())


def test_a_project_can_override_a_template(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "versatile/forms/widgets"
    folder.mkdir(parents=True)
    (folder / "preview.html").write_text("mine: {{ widget.preview.url }}")
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path]}]
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.forms"]
    widget = widgets.VersatileImagePPOISelectWidget()
    html = widget.render("headshot", stored().headshot, renderer=TemplatesSetting())
    assert "mine: /media/__sized__" in html
