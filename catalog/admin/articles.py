"""Articles, written here."""

from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from catalog.models import Article
from catalog.services.articles import article_body_clean


class ArticleForm(forms.ModelForm):
    """Only the HTML that pages may show is kept; an article that is published has a moment."""

    class Meta:
        widgets = {
            "lead": forms.Textarea(attrs={"rows": 3, "cols": 80}),
            "body": forms.Textarea(attrs={"rows": 24, "cols": 100}),
        }

    def clean_body(self) -> str:
        body = article_body_clean(self.cleaned_data["body"])
        if not body:
            raise forms.ValidationError(_t("После очистки от текста ничего не осталось."))
        return body

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("is_published") and not data.get("published_at") and "published_at" not in self.errors:
            data["published_at"] = timezone.now()
        return data


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    form = ArticleForm
    list_display = ("title", "is_published", "published_at", "page")
    list_filter = ("is_published",)
    list_per_page = 50
    search_fields = ("title", "lead", "slug")
    search_help_text = _("Заголовок, вступление или адрес")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("sections", "products")
    ordering = ("-published_at", "-pk")
    fields = (
        "title", "slug", "lead", "body", "sections", "products", ("is_published", "published_at"), "page",
    )  # fmt: skip
    readonly_fields = ("page",)

    @admin.display(description=_("на портале"))
    def page(self, article: Article) -> SafeString | str:
        """An administrator opens it there before it is published, too."""
        if not article.slug:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', reverse("articles:article", args=[article.slug]), _t("Открыть")
        )
