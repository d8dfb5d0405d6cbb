"""What stands beside a product: relations, applications, papers."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.admin.base import ArticlesForm, ErpInline, counted, tell_placed
from catalog.models import Application, Product, ProductApplication, ProductPaper, ProductRelation
from catalog.services.papers import PaperRefused, paper_file_keep, paper_mime
from catalog.services.placing import application_goods_add

SOON_DAYS = 30


# --- relations --------------------------------------------------------------------------------------
class RelationForm(forms.ModelForm):
    """A product leads to others, not to itself."""

    def clean_related(self) -> Product:
        related: Product = self.cleaned_data["related"]
        if related.pk == self.instance.product_id:
            raise forms.ValidationError(_("Товар не может быть связан сам с собой."))
        return related


class RelationInline(admin.TabularInline):
    """Goods that this one leads to; an analog leads back by itself."""

    model = ProductRelation
    form = RelationForm
    fk_name = "product"
    fields = ("position", "kind", "related", "note")
    autocomplete_fields = ("related",)
    ordering = ("kind", "position", "pk")
    extra = 0
    verbose_name_plural = _("Связанные товары. Аналог показан с обеих сторон")


class RelatedToInline(ErpInline):
    """Goods that lead to this one, to read: they are changed on their own pages."""

    model = ProductRelation
    fk_name = "related"
    fields = ("kind", "product", "note")
    ordering = ("kind", "position", "pk")
    verbose_name_plural = _("Этот товар указан у других")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductRelation]:
        relations: QuerySet[ProductRelation] = super().get_queryset(request)
        return relations.select_related("product")


# --- applications -----------------------------------------------------------------------------------
class ProductApplicationInline(admin.TabularInline):
    """What the product fits."""

    model = ProductApplication
    fields = ("application", "note")
    autocomplete_fields = ("application",)
    extra = 0


@admin.register(Application)
class ApplicationAdmin(admin.ModelAdmin):
    """One thing that goods fit; its goods are added by articles."""

    form = ArticlesForm
    list_display = ("kind", "make", "model", "years", "products")
    list_display_links = ("kind", "make", "model")
    list_filter = ("kind",)
    list_per_page = 50
    search_fields = ("kind", "make", "model")
    ordering = ("kind", "make", "model", "year_from", "pk")
    fields = (("kind", "make", "model"), ("year_from", "year_to"), "articles")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        applications: QuerySet[Application] = super().get_queryset(request)
        return applications.annotate(product_count=counted(ProductApplication.objects.all(), "application"))

    @admin.display(description=_("годы"), ordering="year_from")
    def years(self, application: Application) -> str:
        return application.years or "–"

    @admin.display(description=_("товаров"), ordering="product_count")
    def products(self, application: Application) -> int:
        return application.product_count  # type: ignore[attr-defined, no-any-return]

    def save_model(self, request: HttpRequest, obj: Application, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        articles = form.typed_articles()
        if articles:
            tell_placed(request, application_goods_add(application_id=obj.pk, articles=articles))


# --- papers -----------------------------------------------------------------------------------------
class PaperForm(forms.ModelForm):
    """A paper with its file: kept by content, known by its first bytes whatever its name says."""

    upload = forms.FileField(
        label=_("Файл"), required=False, help_text=_("PDF, JPEG или PNG, не больше 20 МБ.")
    )

    class Meta:
        model = ProductPaper
        fields = ("product", "kind", "title", "number", "valid_until")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        upload = data.get("upload")
        if upload is None:
            if self.instance.file_id is None:
                self.add_error("upload", _("Выберите файл."))
            return data
        try:
            paper_mime(upload.file, size=upload.size)
        except PaperRefused as refusal:
            self.add_error("upload", str(refusal))
        return data

    def save(self, commit: bool = True) -> Any:
        upload = self.cleaned_data.get("upload")
        if upload is not None:
            self.instance.file = paper_file_keep(content=upload.file, name=upload.name, size=upload.size)
        return super().save(commit)


class PaperInline(admin.TabularInline):
    """Certificates and instructions of the product."""

    model = ProductPaper
    form = PaperForm
    fields = ("kind", "title", "number", "valid_until", "upload", "file")
    readonly_fields = ("file",)
    ordering = ("kind", "pk")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductPaper]:
        papers: QuerySet[ProductPaper] = super().get_queryset(request)
        return papers.select_related("file")


class ExpiryFilter(admin.SimpleListFilter):
    """Which papers have to be renewed."""

    title = _("срок")
    parameter_name = "expiry"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("soon", _("Истекает за 30 дней")),
            ("expired", _("Истек")),
            ("valid", _("Действует")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = timezone.localdate()
        conditions = {
            "soon": Q(valid_until__gte=today, valid_until__lte=today + timedelta(days=SOON_DAYS)),
            "expired": Q(valid_until__lt=today),
            "valid": Q(valid_until__isnull=True) | Q(valid_until__gte=today),
        }
        chosen = conditions.get(self.value() or "")
        return queryset.filter(chosen) if chosen else queryset


@admin.register(ProductPaper)
class ProductPaperAdmin(admin.ModelAdmin):
    """All papers, so that those that run out are seen in time."""

    form = PaperForm
    list_display = ("product", "kind", "title", "number", "valid_until", "in_force")
    list_select_related = ("product",)
    list_filter = (ExpiryFilter, "kind")
    list_per_page = 50
    search_fields = ("product__article", "product__name", "title", "number")
    search_help_text = _("Товар, артикул, название или номер документа")
    autocomplete_fields = ("product",)
    ordering = ("valid_until", "product__name", "pk")
    fields = ("product", "kind", "title", "number", "valid_until", "upload", "file")
    readonly_fields = ("file",)

    @admin.display(description=_("действует"), boolean=True)
    def in_force(self, paper: ProductPaper) -> bool:
        return paper.is_valid_on(timezone.localdate())
