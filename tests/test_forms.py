import copy
import pickle
from pathlib import Path
from typing import Any

import pytest
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import FileExtensionValidator
from django.forms import inlineformset_factory, modelform_factory

from tests.drawing import photo_bytes
from tests.testapp.models import Person, Photo, Portrait, Twins
from versatile import forms, widgets
from versatile.imaging.geometry import CENTRE

PersonForm: Any = modelform_factory(Person, fields=["name", "headshot"])
PortraitForm: Any = modelform_factory(Portrait, fields=["image"])
TwinsForm: Any = modelform_factory(Twins, fields=["left", "right"])


def upload(
    name: str = "new.jpg", size: tuple[int, int] = (64, 48), content: bytes | None = None
) -> SimpleUploadedFile:
    content = photo_bytes(size) if content is None else content
    return SimpleUploadedFile(name, content, "image/jpeg")


def person(**kwargs: Any) -> Any:
    """A person in the database, with a headshot and a point."""
    kwargs = {"name": "Ann", "headshot": upload("old.jpg"), "headshot_ppoi": (0.2, 0.3), **kwargs}
    return Person.objects.create(**kwargs)


def submit(instance: Person, data: dict[str, Any], **files: Any) -> Any:
    """A form that was sent for a person."""
    stored = Person.objects.get(pk=instance.pk) if instance.pk else instance
    return PersonForm({"name": "Ann", **data}, files, instance=stored)


def reloaded(form: Any) -> Any:
    """The person that a form saved."""
    assert form.is_valid(), form.errors
    return Person.objects.get(pk=form.save().pk)


def test_a_field_with_a_point_has_a_form_field_of_both() -> None:
    field = Person._meta.get_field("headshot").formfield()
    assert type(field) is forms.SizedImageCenterpointClickDjangoAdminField
    assert isinstance(field.widget, widgets.SizedImageCenterpointClickDjangoAdminWidget)


def test_a_field_without_one_has_djangos_with_our_checks() -> None:
    field = Photo._meta.get_field("image").formfield()
    assert type(field) is forms.VersatileImageFormField
    assert isinstance(field, django_forms.ImageField)
    assert field.policy is Photo._meta.get_field("image").policy
    assert type(field.widget) is django_forms.ClearableFileInput


@pytest.mark.parametrize(
    ("field_class", "widget_class"),
    [
        (forms.SizedImageCenterpointMixIn, widgets.PPOIWidget),
        (forms.PPOIImageField, widgets.PPOIWidget),
        (forms.AdminPPOIImageField, widgets.AdminPPOIWidget),
        (forms.Bootstrap5PPOIImageField, widgets.Bootstrap5PPOIWidget),
        (forms.VersatileImagePPOIClickField, widgets.VersatileImagePPOIClickWidget),
        (
            forms.SizedImageCenterpointClickBootstrap3Field,
            widgets.SizedImageCenterpointClickBootstrap3Widget,
        ),
    ],
)
def test_each_form_field_has_its_widget(field_class: Any, widget_class: Any) -> None:
    assert isinstance(field_class().widget, widget_class)


def test_the_callers_classes_win() -> None:
    chosen = modelform_factory(
        Person,
        fields=["headshot"],
        widgets={"headshot": widgets.VersatileImagePPOISelectWidget},
        field_classes={"headshot": forms.VersatileImagePPOIClickField},
    )()
    assert type(chosen.fields["headshot"]) is forms.VersatileImagePPOIClickField
    assert "<select" in str(chosen["headshot"])


@pytest.mark.django_db
class TestModelForm:
    def test_an_upload_with_its_point_is_saved_with_it(self) -> None:
        form = submit(Person(), {"headshot_1": "0.1x0.9"}, headshot_0=upload())
        saved = reloaded(form)
        assert saved.headshot.name == "headshots/new.jpg"
        assert saved.headshot.ppoi == saved.headshot_ppoi == (0.1, 0.9)
        assert (saved.headshot_width, saved.headshot_height) == (64, 48)

    def test_a_new_upload_gets_the_point_sent_with_it(self) -> None:
        saved = reloaded(submit(person(), {"headshot_1": "0.1x0.9"}, headshot_0=upload()))
        assert saved.headshot.name == "headshots/new.jpg"
        assert saved.headshot.ppoi == (0.1, 0.9)

    def test_a_new_upload_without_a_point_keeps_the_old_one(self) -> None:
        saved = reloaded(submit(person(), {}, headshot_0=upload()))
        assert saved.headshot.name == "headshots/new.jpg"
        assert saved.headshot.ppoi == (0.2, 0.3)

    def test_a_moved_point_is_saved(self) -> None:
        form = submit(person(), {"headshot_1": "0.6x0.7"})
        saved = reloaded(form)
        assert form.changed_data == ["headshot"]
        assert saved.headshot.name == "headshots/old.jpg"
        assert saved.headshot.ppoi == (0.6, 0.7)

    def test_the_cleaned_value_is_a_pair(self) -> None:
        pairs = []
        for data, files in [
            ({"headshot_1": " 0.60 x .7 "}, {}),
            ({"headshot_0-clear": "on", "headshot_1": "0.2x0.3"}, {}),
            ({"headshot_1": "0.6x0.7"}, {"headshot_0": upload()}),
            ({}, {}),
        ]:
            form = submit(person(), data, **files)
            assert form.is_valid()
            pairs.append(form.cleaned_data["headshot"])
        assert pairs[0] == (None, "0.6x0.7")
        assert pairs[1] == (False, "0.2x0.3")
        assert (pairs[2][0].name, pairs[2][1]) == ("new.jpg", "0.6x0.7")
        assert pairs[3] == (None, "")

    @pytest.mark.parametrize("text", ["nowhere", "0.5", "1.5x0.5", "nanx0.5", "0.5x0.5x0.5", "<b>"])
    def test_a_bad_point_is_an_error_beside_the_field(self, text: str) -> None:
        form = submit(person(), {"headshot_1": text}, headshot_0=upload())
        assert list(form.errors) == ["headshot"]
        [error] = form.errors.as_data()["headshot"]
        assert error.code == "invalid_ppoi"
        assert f"<p>{text}" not in str(form)

    def test_after_an_error_the_form_shows_what_is_stored_and_what_was_written(self) -> None:
        for data, files in [
            ({"headshot_1": "nowhere"}, {}),
            ({"headshot_1": "nowhere"}, {"headshot_0": upload(size=(480, 640))}),
            ({"name": "x" * 51, "headshot_1": "nowhere"}, {"headshot_0": upload()}),
        ]:
            html = str(submit(person(headshot=upload("big.jpg", (640, 480))), data, **files))
            assert 'value="nowhere"' in html
            assert "-thumbnail-640x640-70.jpg" in html
            assert 'width="640" height="480"' in html

    def test_after_an_error_elsewhere_the_upload_is_not_taken_for_the_stored_image(self) -> None:
        stored = person(headshot=upload("big.jpg", (640, 480)))
        data = {"name": "x" * 51, "headshot_1": "0.9x0.9"}
        html = str(submit(stored, data, headshot_0=upload(size=(480, 640))))
        assert "big-thumbnail-640x640-70.jpg" in html
        assert 'value="0.9x0.9"' in html
        assert 'width="640" height="480"' in html

    def test_after_an_error_elsewhere_a_box_ticked_stays_ticked(self) -> None:
        html = str(submit(person(), {"name": "x" * 51, "headshot_0-clear": "on"}))
        assert "old-thumbnail-640x640-70.jpg" in html
        assert 'id="headshot_0-clear_id" checked' in html

    def test_a_text_that_was_not_sent_shows_the_stored_point(self) -> None:
        assert 'value="0.2x0.3"' in str(submit(person(), {"name": ""}))

    def test_an_optional_image_can_be_cleared(self) -> None:
        saved = reloaded(submit(person(), {"headshot_0-clear": "on", "headshot_1": "0.6x0.7"}))
        assert not saved.headshot
        assert saved.headshot_ppoi == CENTRE
        assert saved.headshot_width is None

    def test_clearing_and_uploading_at_once_is_an_error(self) -> None:
        form = submit(person(), {"headshot_0-clear": "on"}, headshot_0=upload())
        assert form.errors.as_data()["headshot"][0].code == "contradiction"

    def test_what_is_no_image_is_an_error_beside_a_bad_point(self) -> None:
        form = submit(person(), {"headshot_1": "x"}, headshot_0=upload(content=b"no image"))
        codes = [error.code for error in form.errors.as_data()["headshot"]]
        assert codes == ["invalid_image", "invalid_ppoi"]

    def test_a_name_that_is_too_long_is_an_error(self) -> None:
        form = submit(person(), {}, headshot_0=upload("x" * 100 + ".jpg"))
        assert form.errors.as_data()["headshot"][0].code == "max_length"

    def test_a_required_image_is_required_until_one_is_stored(self) -> None:
        form = PortraitForm({"image_1": "0.5x0.5"}, {}, instance=Portrait(person=person()))
        assert form.errors == {"image": ["This field is required."]}
        portrait = Portrait.objects.create(person=person(), image=upload())
        form = PortraitForm({"image_1": "0.6x0.7", "image_0-clear": "on"}, {}, instance=portrait)
        form.save()
        portrait.refresh_from_db()
        assert portrait.image.name == "portraits/new.jpg"
        assert portrait.ppoi == (0.6, 0.7)

    def test_the_browser_is_told_what_is_required(self) -> None:
        html = str(PortraitForm()["image"])
        assert html.count("required") == 1
        assert "required" not in str(PortraitForm(instance=Portrait(image="x.jpg"))["image"])

    def test_an_add_form_shows_the_default_of_the_point(self) -> None:
        assert 'value="0.3x0.4"' in str(PortraitForm()["image"])
        form = PortraitForm({"image_1": "0.3x0.4"})
        assert form.has_changed() is False

    def test_a_disabled_field_changes_nothing(self) -> None:
        stored = person()
        form = submit(stored, {"headshot_1": "0.9x0.9"}, headshot_0=upload())
        form.fields["headshot"].disabled = True
        saved = reloaded(form)
        assert form.cleaned_data["headshot"] == (None, "0.2x0.3")
        assert form.changed_data == []
        assert saved.headshot.name == "headshots/old.jpg"
        assert 'value="0.2x0.3"' in str(form["headshot"])

    def test_a_plain_file_input_takes_the_image_and_leaves_the_point(self) -> None:
        form_class: Any = modelform_factory(
            Person, fields=["headshot"], widgets={"headshot": django_forms.ClearableFileInput}
        )
        stored = person()
        form = form_class({}, {"headshot": upload()}, instance=stored)
        assert "headshots/old.jpg" in str(form_class(instance=stored))
        saved = reloaded(form)
        assert saved.headshot.name == "headshots/new.jpg"
        assert saved.headshot.ppoi == (0.2, 0.3)
        assert "headshots/new.jpg" in str(form_class({}, {}, instance=saved)["headshot"])
        assert "Clear" not in str(form_class()["headshot"])


@pytest.mark.django_db
@pytest.mark.parametrize("point", ["0.2x0.3", "0.7x0.6"])
def test_a_person_whose_photo_is_lost_can_be_changed(
    point: str, media_root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ann = person()
    (media_root / ann.headshot.name).unlink()
    form = submit(ann, {"name": "Anna", "headshot_1": point})
    assert form.is_valid()
    form.save()
    saved = Person.objects.get()
    assert (saved.name, saved.headshot.ppoi) == ("Anna", tuple(map(float, point.split("x"))))
    assert (saved.headshot_width, saved.headshot_height) == (64, 48)
    assert "cannot be read" in caplog.text


@pytest.mark.django_db
class TestTwins:
    """Two images of one model share a point, and one form shows it twice."""

    def twins(self, **kwargs: Any) -> Twins:
        kwargs = {"left": upload(), "point": (0.2, 0.3), **kwargs}
        return Twins.objects.create(**kwargs)

    def save(self, twins: Twins, data: dict[str, str]) -> Twins:
        form = TwinsForm(data, {}, instance=Twins.objects.get(pk=twins.pk))
        assert form.is_valid()
        return Twins.objects.get(pk=form.save().pk)

    def test_saving_an_empty_one_leaves_the_point_of_the_other(self) -> None:
        twins = self.twins()
        html = str(TwinsForm(instance=twins))
        assert html.count('value="0.2x0.3"') == 2
        assert self.save(twins, {"left_1": "0.2x0.3", "right_1": "0.2x0.3"}).point == (0.2, 0.3)

    @pytest.mark.parametrize("moved", ["left", "right"])
    def test_moving_one_moves_both(self, moved: str) -> None:
        data = {"left_1": "0.2x0.3", "right_1": "0.2x0.3", f"{moved}_1": "0.9x0.8"}
        assert self.save(self.twins(right=upload()), data).point == (0.9, 0.8)


@pytest.mark.django_db
class TestInlines:
    FormSet: Any = inlineformset_factory(Person, Portrait, fields=["image"], extra=1)

    def submit(self, parent: Person, data: dict[str, Any], **files: Any) -> Any:
        count = parent.portraits.count()
        management = {"portraits-TOTAL_FORMS": count + 1, "portraits-INITIAL_FORMS": count}
        ids = {f"portraits-{i}-id": item.pk for i, item in enumerate(parent.portraits.all())}
        prefixed = {f"portraits-{key}": value for key, value in {**files}.items()}
        sent = {f"portraits-{key}": value for key, value in data.items()}
        return self.FormSet({**management, **ids, **sent}, prefixed, instance=parent)

    def test_an_untouched_extra_row_is_no_new_row(self) -> None:
        formset = self.submit(person(), {"0-image_1": "0.3x0.4"})
        assert formset.is_valid(), formset.errors
        assert formset.save() == []

    def test_a_moved_point_alone_saves_its_row(self) -> None:
        parent = person()
        portrait = Portrait.objects.create(person=parent, image=upload())
        formset = self.submit(parent, {"0-image_1": "0.8x0.9", "1-image_1": "0.3x0.4"})
        assert formset.is_valid(), formset.errors
        assert formset.save() == [portrait]
        portrait.refresh_from_db()
        assert portrait.ppoi == (0.8, 0.9)

    def test_an_unmoved_point_saves_nothing(self) -> None:
        parent = person()
        Portrait.objects.create(person=parent, image=upload())
        formset = self.submit(parent, {"0-image_1": "0.30x0.4", "1-image_1": "0.3x0.4"})
        assert formset.is_valid(), formset.errors
        assert formset.save() == []

    def test_an_upload_into_an_extra_row_is_saved_with_its_point(self) -> None:
        parent = person()
        formset = self.submit(parent, {"0-image_1": "0.8x0.9"}, **{"0-image_0": upload()})
        assert formset.is_valid(), formset.errors
        formset.save()
        assert parent.portraits.get().ppoi == (0.8, 0.9)

    def test_a_point_without_an_image_is_a_row_that_lacks_one(self) -> None:
        formset = self.submit(person(), {"0-image_1": "0.8x0.9"})
        assert formset.errors == [{"image": ["This field is required."]}]


class TestAlone:
    """The form field without a model."""

    def form(self, data: dict[str, str], **files: Any) -> Any:
        image = forms.VersatileImagePPOIClickField(
            required=False, validators=[FileExtensionValidator(["jpg"])]
        )
        form_class: Any = type("Form", (django_forms.Form,), {"image": image})
        return form_class(data, files)

    def test_an_upload_and_a_point_are_a_pair(self) -> None:
        form = self.form({"image_1": "0.1x0.2"}, image_0=upload())
        assert form.is_valid()
        file, text = form.cleaned_data["image"]
        assert (file.name, text) == ("new.jpg", "0.1x0.2")
        assert form.has_changed()

    def test_nothing_is_a_pair_too(self) -> None:
        form = self.form({})
        assert form.is_valid()
        assert form.cleaned_data["image"] == (None, "")
        assert not form.has_changed()

    def test_a_form_may_change_what_is_required(self) -> None:
        for required in [False, True]:
            form = self.form({"image_1": "0.5x0.5"})
            form.fields["image"].required = required
            assert form.is_valid() is not required

    def test_validators_see_the_upload(self) -> None:
        png = upload("new.png", content=photo_bytes(format="PNG"))
        form = self.form({}, image_0=png)
        assert form.errors.as_data()["image"][0].code == "invalid_extension"

    def test_messages_are_the_images(self) -> None:
        field = forms.VersatileImagePPOIClickField(error_messages={"required": "A face, please."})
        with pytest.raises(ValidationError, match="A face, please"):
            field.clean([])

    def test_a_subclass_may_bring_its_own_fields(self) -> None:
        class Own(forms.SizedImageCenterpointMixIn, django_forms.MultiValueField):
            widget = widgets.VersatileImagePPOISelectWidget

            def __init__(self, **kwargs: Any) -> None:
                parts = [
                    forms.VersatileImageFormField(required=False),
                    django_forms.CharField(required=False),
                ]
                super().__init__(parts, **kwargs)

        with pytest.raises(ValidationError, match="invalid ppoi"):
            Own(required=False).clean([None, "nowhere"])

    def test_a_change_is_seen_without_a_form(self) -> None:
        field = forms.VersatileImagePPOIClickField()
        point: Any = (0.2, 0.3)
        stored = Portrait(image="x.jpg", ppoi=point).image
        assert not field.has_changed(stored, [None, "0.2x0.3"])
        assert not field.has_changed(stored, [None, ""])
        assert not field.has_changed(None, [None, "0.5x0.5"])
        assert field.has_changed(stored, [None, "0.5x0.5"])
        assert field.has_changed(stored, [None, "nowhere"])
        assert field.has_changed(stored, [False, "0.2x0.3"])
        assert field.has_changed(stored, [upload(), "0.2x0.3"])


class TestImageFormField:
    def test_a_stored_file_is_opened_for_the_check(self) -> None:
        Portrait().image.save("x.jpg", upload(), save=False)
        stored = Portrait(image="portraits/x.jpg").image
        with stored:
            stored.close()
            assert forms.VersatileImageFormField().clean(stored) is stored

    def test_one_that_is_gone_is_an_error(self) -> None:
        file = upload()
        file.close()
        with pytest.raises(ValidationError) as caught:
            forms.VersatileImageFormField().clean(file)
        assert caught.value.code == "invalid"

    def test_nothing_is_nothing(self) -> None:
        assert forms.VersatileImageFormField(required=False).clean(None) is None


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_the_text_of_a_point_can_be_copied(copied: Any) -> None:
    text = copied(forms.PPOIText("0.1x0.2", moved=False))
    assert text == "0.1x0.2"
    assert text.moved is False
