"""Which of one's holdings to work for."""

from django import forms


class HoldingChoice(forms.Form):
    """The number of a holding; whether it is one's own is asked where it is used."""

    holding = forms.IntegerField(min_value=1, max_value=9_223_372_036_854_775_807)
