"""What people choose in the catalogue."""

import re
from dataclasses import replace

from django import forms

from accounts.looks import look_of
from accounts.models import User
from catalog.models import City
from catalog.web.looks import COLUMNS, Look


class CityForm(forms.Form):
    """The city whose stock and prices are shown."""

    city = forms.ModelChoiceField(City.objects.filter(is_active=True))


class LookForm(forms.Form):
    """Columns and density of a list; view and page size stay as they are."""

    name = forms.RegexField(re.compile(r"(search|section:[0-9]{1,9})\Z"))
    columns = forms.MultipleChoiceField(choices=list(COLUMNS.items()), required=False)
    density = forms.ChoiceField(choices=[("normal", ""), ("compact", "")])

    def look(self, user: User) -> Look:
        """The look remembered for the list with what was chosen now."""
        known = Look.remembered(look_of(user, self.cleaned_data["name"]))
        chosen = self.cleaned_data["columns"]
        return replace(
            known,
            columns=tuple(name for name in COLUMNS if name in chosen),
            is_compact=self.cleaned_data["density"] == "compact",
        )
