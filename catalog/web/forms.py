"""What people choose in the catalogue."""

from django import forms

from catalog.models import City


class CityForm(forms.Form):
    """The city whose stock and prices are shown."""

    city = forms.ModelChoiceField(City.objects.filter(is_active=True))
