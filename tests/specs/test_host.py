"""What fields hold: specs by their ids."""

import pickle
from typing import Any

import pytest
from django.core.files.base import ContentFile

from tests.specs.test_registry import ID, Other, Spec, clean
from versatile import processors, register
from versatile.exceptions import MissingGeneratorId, NotRegistered
from versatile.registry import generator_registry
from versatile.specs import SpecHost, create_spec_class

__all__ = ["clean"]

p: Any = processors


def test_a_host_of_a_class():
    spec = SpecHost(spec=Spec, spec_id=ID).get_spec("x")
    assert (type(spec), spec.source) == (Spec, "x")


def test_a_host_of_attributes():
    host = SpecHost(spec_id=ID, processors=[p.Convert("L")], format="PNG", options={"optimize": 1})
    spec = host.get_spec("x")
    assert spec.processors == [p.Convert("L")]
    assert (spec.format, spec.options, spec.autoconvert) == ("PNG", {"optimize": 1}, True)
    assert generator_registry.id_of(spec) == ID


def test_a_class_or_attributes_but_not_both():
    with pytest.raises(TypeError, match="format, processors"):
        SpecHost(spec=Spec, processors=[], format="PNG")
    SpecHost(spec=Spec, processors=None)


def test_without_an_id_there_is_no_spec():
    with pytest.raises(MissingGeneratorId, match="spec_id"):
        SpecHost(spec=Spec).get_spec("x")


def test_what_is_registered_already_wins():
    register.generator(ID, Other)
    host = SpecHost(spec=Spec, spec_id=ID)
    assert type(host.get_spec("x")) is Other


def test_the_id_is_looked_up_at_each_access():
    host = SpecHost(spec=Spec, spec_id=ID)
    generator_registry.unregister(ID)
    with pytest.raises(NotRegistered, match=ID):
        host.get_spec("x")
    register.generator(ID, Other)
    assert type(host.get_spec("x")) is Other


def test_a_configured_spec_pickles_by_its_id():
    host = SpecHost(spec_id=ID, processors=[p.Convert("L")], cachefile_strategy={"a": lambda: 1})
    spec = host.get_spec(ContentFile(b"x", "x.jpg"))
    twin = pickle.loads(pickle.dumps(spec))
    assert twin.get_hash() == spec.get_hash()
    assert twin.cachefile_strategy is spec.cachefile_strategy
    assert generator_registry.id_of(twin) == ID


def test_a_class_of_attributes():
    made = create_spec_class({"format": "PNG", "processors": [p.Convert("L")]})
    assert made("x").source == "x"
    assert made.format == "PNG"
