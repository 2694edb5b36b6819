"""The form on which somebody's photo is sent, with its point of interest."""

from django import forms
from django.utils.text import slugify

from people.models import Person


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's is not generic
    """A person without an address: that is made from the name."""

    class Meta:
        model = Person
        fields = ["name", "role", "headshot"]

    def save(self, commit: bool = True) -> Person:
        """The saved person, whose address nobody else has."""
        if not self.instance.slug:
            self.instance.slug = _free_slug(self.instance.name)
        person: Person = super().save(commit)
        return person


def _free_slug(name: str) -> str:
    """The name as an address; the second of that name is numbered."""
    base = slugify(name)[:40] or "somebody"
    slug, number = base, 1
    while Person.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug
