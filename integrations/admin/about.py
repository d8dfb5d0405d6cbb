"""How an administrator names the good that he asks about."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Product
from integrations.models import ExternalId, ExternalKind
from integrations.onec.texts import external_key

_MANY = 2


class AboutForm(forms.Form):
    """A good by its number on the portal, by its article or code, by its Ид in 1C."""

    product = forms.CharField(label=gettext_lazy("Номер, артикул, код или Ид товара"), max_length=170)

    def clean_product(self) -> Product:
        told = self.cleaned_data["product"].strip()
        found: list[Product] = list(Product.objects.filter(pk=int(told))) if _is_number(told) else []
        for field in ("article", "code"):
            found = found or list(Product.objects.filter(**{field: told}).order_by("pk")[:_MANY])
        if not found:
            ids = ExternalId.objects.filter(kind=ExternalKind.PRODUCT, external_id=external_key(told))
            found = list(Product.objects.filter(pk__in=ids.values("object_id"))[:_MANY])
        if not found:
            raise forms.ValidationError(_("Такого товара нет."))
        if len(found) >= _MANY:
            raise forms.ValidationError(_("Таких товаров несколько: укажите номер или Ид."))
        return found[0]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
