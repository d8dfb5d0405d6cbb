"""Products: 1C is their master; what stands beside them is kept here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.db.models.fields.related import ForeignKey
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from catalog.admin.base import ErpAdmin, ErpInline
from catalog.admin.beside import PaperInline, ProductApplicationInline, RelatedToInline, RelationInline
from catalog.models import ClassifierKind, Pack, Picture, Product, ProductSection, Section, Sku
from catalog.services.placing import section_goods_remove


class SkuInline(ErpInline):
    model = Sku
    fields = ("characteristic", "article", "barcode", "is_hidden")
    show_change_link = True


class PackInline(ErpInline):
    model = Pack
    fields = ("unit", "coefficient")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pack]:
        packs: QuerySet[Pack] = super().get_queryset(request)
        return packs.select_related("unit")


class PictureInline(ErpInline):
    model = Picture
    fields = ("position", "source_path")
    ordering = ("position", "pk")


class OwnPlaceInline(admin.TabularInline):
    """Places in trees kept by hand; those of 1C and of brands are told above."""

    model = ProductSection
    fields = ("section",)
    autocomplete_fields = ("section",)
    extra = 0
    verbose_name = _("раздел, который ведется вручную")
    verbose_name_plural = _("Разделы, которые ведутся вручную")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductSection]:
        places: QuerySet[ProductSection] = super().get_queryset(request)
        return places.filter(section__classifier__kind=ClassifierKind.OWN).select_related("section")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "section":
            kwargs["queryset"] = Section.objects.filter(classifier__kind=ClassifierKind.OWN)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class OwnSectionFilter(admin.SimpleListFilter):
    """Goods of one section kept by hand, from where an action may take them out."""

    title = _("раздел вручную")
    parameter_name = "own_section"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        own = Section.objects.filter(classifier__kind=ClassifierKind.OWN)
        rows = own.order_by("classifier__name", "sort_key").values_list("pk", "classifier__name", "name")
        return [(str(pk), f"{tree}: {name}") for pk, tree, name in rows]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(places__section_id=self.chosen) if self.chosen else queryset

    @property
    def chosen(self) -> int | None:
        """The section, if it is one of those offered."""
        value = self.value()
        return int(value) if value in {str(key) for key, _title in self.lookup_choices} else None


_OWN = frozenset({"order_multiple", "is_hidden", "margin_class", "priority"})
"""Fields of a product that are kept here and not in 1C."""


@admin.register(Product)
class ProductAdmin(ErpAdmin):
    """1C is the master; here a product is hidden until 1C does it, and gets what stands beside it."""

    list_display = (
        "article",
        "name",
        "brand",
        "unit",
        "vat_percent",
        "margin_class",
        "priority",
        "is_hidden",
        "updated_at",
    )
    list_display_links = ("article", "name")
    list_filter = ("is_hidden", "margin_class", OwnSectionFilter)
    list_select_related = ("brand", "unit")
    search_fields = ("article", "name", "barcode", "code")
    search_help_text = _("Артикул, наименование, штрихкод или код в 1С")
    ordering = ("sort_key",)
    fields = (
        "name", "full_name", "article", "code", "barcode", "kind", "item_type",
        "brand", "unit", "vat_percent", "weight", "volume", "order_multiple",
        "description", "trees", "is_hidden", "margin_class", "priority", "created_at", "updated_at",
    )  # fmt: skip
    readonly_fields = tuple(name for name in fields if name not in _OWN)
    inlines = (
        SkuInline, PackInline, PictureInline, PaperInline, RelationInline, RelatedToInline,
        ProductApplicationInline, OwnPlaceInline,
    )  # fmt: skip
    actions = ("take_out",)

    @admin.display(description=_("места в деревьях"))
    def trees(self, product: Product) -> SafeString | str:
        places = product.places.select_related("section__classifier", "section__parent").order_by(
            "section__classifier__name", "section__sort_key"
        )
        told = ((place.section.classifier, place.section.parent or "", place.section) for place in places)
        return format_html_join("", "<div>{}: {} {}</div>", told) or "–"

    @admin.action(description=_("Убрать из раздела, выбранного в отборе справа"), permissions=["change"])
    def take_out(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        own = Section.objects.filter(classifier__kind=ClassifierKind.OWN).values_list("pk", flat=True)
        section_id = {str(pk): pk for pk in own}.get(request.GET.get(OwnSectionFilter.parameter_name, ""))
        if section_id is None:
            self.message_user(request, _t("Сначала выберите раздел в отборе справа."), messages.ERROR)
            return
        removed = section_goods_remove(
            section_id=section_id, product_ids=list(queryset.values_list("pk", flat=True))
        )
        self.message_user(request, _t("Убрано из раздела: {count}.").format(count=removed))
