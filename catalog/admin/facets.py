"""Filters of a section."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models.fields.related import ForeignKey
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.models import SectionFacet

SECTION_PARAMETER = "of_section"


class PropertyOfSectionSelect(AutocompleteSelect):
    """Asks for properties that goods of one section have."""

    def __init__(self, *args: Any, section_id: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section_id = section_id

    def get_url(self) -> str:
        return f"{super().get_url()}?{SECTION_PARAMETER}={self.section_id}"


class SectionFacetInline(admin.TabularInline):
    """Chosen filters; a section without any has those of the section above, or automatic ones."""

    model = SectionFacet
    fields = ("position", "property", "kind", "is_collapsed", "unit")
    ordering = ("position", "pk")
    extra = 0
    verbose_name = _("фильтр")
    verbose_name_plural = _("Фильтры раздела и всех разделов внутри, у которых нет своих")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "property":
            section_id = request.resolver_match.kwargs.get("object_id", "") if request.resolver_match else ""
            kwargs["widget"] = PropertyOfSectionSelect(db_field, self.admin_site, section_id=section_id)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
