import pytest
from django.forms import Media

from versatile import widgets
from versatile.widgets.points import TEXTS

DATA = "headshot_1"


def sent(**data: str) -> object:
    return widgets.PPOIInput().value_from_datadict(data, {}, DATA)


def test_the_script_sends_the_text() -> None:
    assert sent(headshot_1="0.1x0.2") == "0.1x0.2"
    assert sent(headshot_1="0.1x0.2", headshot_1_x="0.9", headshot_1_y="0.9") == "0.1x0.2"
    assert sent(headshot_1="") == ""


def test_without_the_script_two_numbers_are_sent() -> None:
    assert sent(headshot_1_x="0.1", headshot_1_y=".2") == "0.1x.2"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"headshot_1_x": "0.1"}, "0.1x"),
        ({"headshot_1_x": "0.1", "headshot_1_y": ""}, "0.1x"),
        ({"headshot_1_y": "0.1"}, "x0.1"),
        ({"headshot_1_x": "", "headshot_1_y": ""}, ""),
    ],
)
def test_half_a_point_is_none_and_two_empty_numbers_leave_it(
    data: dict[str, str], text: str
) -> None:
    assert sent(**data) == text


def test_what_was_not_sent_is_omitted() -> None:
    omitted = widgets.PPOIInput().value_omitted_from_data
    assert omitted({}, {}, DATA)
    assert not omitted({"headshot_1": ""}, {}, DATA)
    assert not omitted({"headshot_1_y": "0.1"}, {}, DATA)
    assert sent() is None


def test_numbers_show_what_was_written() -> None:
    html = widgets.PPOIInput().render(DATA, "1.5x0.25", {"id": "id_p"})
    assert 'name="headshot_1_x" value="1.5" id="id_p_x"' in html
    assert 'name="headshot_1_y" value="0.25" id="id_p_y"' in html


@pytest.mark.parametrize("text", [None, "", "nowhere"])
def test_numbers_of_no_point_are_rendered_too(text: str | None) -> None:
    html = widgets.PPOIInput().render(DATA, text)
    assert 'name="headshot_1_y" value=""' in html
    assert f'value="{text or ""}"' in html
    assert "id=" not in html


def test_a_disabled_picker_says_so_to_the_script() -> None:
    html = widgets.PPOIInput().render(DATA, "0.1x0.2", {"disabled": True})
    assert '<versatile-ppoi role="group"' in html
    assert html.count(" disabled") == 3
    assert " disabled" not in widgets.PPOIInput().render(DATA, "0.1x0.2")


def test_a_description_is_passed_on() -> None:
    html = widgets.PPOIInput().render(DATA, "", {"aria-describedby": "help"})
    assert html.count('aria-describedby="help"') == 3


def test_the_script_is_told_what_to_say() -> None:
    html = widgets.PPOIInput().render(DATA, "")
    for name in TEXTS:
        assert f'data-text-{name}="' in html
    assert 'data-text-value="{x} from the left, {y} from the top"' in html


def test_the_script_is_loaded_once_and_does_not_hold_up_the_page() -> None:
    both: Media = widgets.PPOIInput().media + widgets.AdminPPOIWidget().media
    assert str(both).count("<script") == 1
    assert '<script src="/static/versatile/js/ppoi.js" defer></script>' in str(both)


def test_the_choice_needs_no_script() -> None:
    assert "<script" not in str(widgets.PPOISelectWidget().media)
