"""Trees over the goods: 1C's, those kept by hand, the one made of brands."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from catalog.admin.base import ArticlesForm, counted, tell_placed
from catalog.admin.facets import SectionFacetInline
from catalog.index.reading import catalog_index
from catalog.models import Classifier, ClassifierKind, ProductSection, Section
from catalog.selectors.coverage import property_coverage, section_ids_below
from catalog.selectors.facets import facet_plan
from catalog.services.brand_tree import brand_tree_build
from catalog.services.placing import section_goods_add
from portal.lib.sorting import name_sort_key


@admin.register(Classifier)
class ClassifierAdmin(admin.ModelAdmin):
    """Trees of 1C and of brands are placed and hidden here; others are made by hand."""

    list_display = ("name", "kind", "sections", "position", "is_hidden")
    list_editable = ("position", "is_hidden")
    list_filter = ("kind",)
    ordering = ("position", "name")
    fields = ("name", "kind", "position", "is_hidden")
    change_list_template = "admin/catalog/classifier/change_list.html"
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Classifier]:
        trees: QuerySet[Classifier] = super().get_queryset(request)
        return trees.annotate(section_count=counted(Section.objects.all(), "classifier"))

    @admin.display(description=_("разделов"), ordering="section_count")
    def sections(self, tree: Classifier) -> int:
        return tree.section_count  # type: ignore[attr-defined, no-any-return]

    def get_readonly_fields(self, request: HttpRequest, obj: Classifier | None = None) -> tuple[str, ...]:
        return ("kind",) if obj is None or obj.kind == ClassifierKind.OWN else ("name", "kind")

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (
            not isinstance(obj, Classifier) or obj.kind == ClassifierKind.OWN
        )

    def save_model(self, request: HttpRequest, obj: Classifier, form: Any, change: bool) -> None:
        if not change:
            obj.kind = ClassifierKind.OWN
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        build = self.admin_site.admin_view(require_POST(self.build_brands))
        return [path("brands/", build, name="catalog_classifier_brands"), *super().get_urls()]

    def build_brands(self, request: HttpRequest) -> HttpResponse:
        """Make the tree of brands, or bring it up to date."""
        if not self.has_change_permission(request):
            return HttpResponse(status=403)
        built = brand_tree_build()
        messages.success(
            request,
            _t("Дерево по брендам собрано. Новых разделов: {made}, товаров добавлено: {placed}.").format(
                made=built.sections, placed=built.placed
            ),
        )
        return redirect("admin:catalog_classifier_changelist")


class SectionForm(ArticlesForm):
    """A section of a tree kept by hand lies within it and in no circle."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        parent = data.get("parent")
        tree_id = self.instance.classifier_id or getattr(data.get("classifier"), "pk", None)
        if parent is not None and parent.classifier_id != tree_id:
            self.add_error("parent", _t("Этот раздел из другого классификатора."))
        elif parent is not None and self.instance.pk and parent.pk in section_ids_below(self.instance.pk):
            self.add_error("parent", _t("Раздел не может входить в себя."))
        return data


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    """Place, visibility and filters of every section; the rest only of those kept by hand."""

    form = SectionForm
    list_display = ("name", "parent", "classifier", "products", "filters", "position", "is_hidden")
    list_editable = ("position", "is_hidden")
    list_filter = ("classifier", "is_hidden")
    list_select_related = ("parent", "classifier")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("name",)
    autocomplete_fields = ("parent",)
    ordering = ("classifier__position", "sort_key")
    inlines = (SectionFacetInline,)
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        sections: QuerySet[Section] = super().get_queryset(request)
        return sections.annotate(
            product_count=counted(ProductSection.objects.all(), "section"),
            filter_count=counted(SectionFacetInline.model.objects.all(), "section"),
        )

    @admin.display(description=_("товаров"), ordering="product_count")
    def products(self, section: Section) -> int:
        return section.product_count  # type: ignore[attr-defined, no-any-return]

    @admin.display(description=_("своих фильтров"), ordering="filter_count")
    def filters(self, section: Section) -> int:
        return section.filter_count  # type: ignore[attr-defined, no-any-return]

    @admin.display(description=_("Свойства товаров раздела"))
    def coverage(self, section: Section) -> SafeString | str:
        """What filters are chosen from."""
        found = property_coverage(section.pk)
        return format_html_join("", "<div>{} – {}%</div>", ((row.name, row.percent) for row in found)) or "–"

    @admin.display(description=_("Фильтры сейчас"))
    def shown(self, section: Section) -> SafeString | str:
        """What clients see: filters chosen here or above, else automatic ones."""
        plan = facet_plan(catalog_index(), section.pk)
        return format_html_join(", ", "{}", ((facet.name,) for facet in plan)) or "–"

    def get_fields(self, request: HttpRequest, obj: Section | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("classifier", "parent", "name", "position", "is_hidden", "articles")
        articles = ("articles",) if is_own(obj) else ()
        return ("classifier", "parent", "name", "position", "is_hidden", *articles, "shown", "coverage")

    def get_readonly_fields(self, request: HttpRequest, obj: Section | None = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return ("classifier", "shown", "coverage", *(() if is_own(obj) else ("parent", "name")))

    def get_inlines(self, request: HttpRequest, obj: Section | None) -> tuple[Any, ...]:
        return self.inlines if obj else ()  # filters are chosen from what the goods have

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "classifier":
            kwargs["queryset"] = Classifier.objects.filter(kind=ClassifierKind.OWN).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Section], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Goods and sections are put by hand only into trees kept by hand."""
        if request.GET.get("model_name") in {"section", "productsection"}:
            queryset = queryset.filter(classifier__kind=ClassifierKind.OWN)
        return super().get_search_results(request, queryset, search_term)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (not isinstance(obj, Section) or is_own(obj))

    def save_model(self, request: HttpRequest, obj: Section, form: Any, change: bool) -> None:
        obj.sort_key = name_sort_key(obj.name)[:300]
        super().save_model(request, obj, form, change)
        articles = form.typed_articles() if is_own(obj) and hasattr(form, "typed_articles") else []
        if articles:
            tell_placed(request, section_goods_add(section_id=obj.pk, articles=articles))


def is_own(section: Section) -> bool:
    """Whether the section lies in a tree kept by hand."""
    return section.classifier.kind == ClassifierKind.OWN
