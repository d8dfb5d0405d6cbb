"""What the seller writes about goods and how to choose them."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.index.touching import touches
from catalog.models.goods import Product
from catalog.models.sections import Section


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self, at: datetime) -> Self:
        """What everybody may read at the moment."""
        return self.filter(is_published=True, published_at__lte=at)


class Article(models.Model):
    """An article; shown from its moment on, if it is marked so."""

    title = models.CharField(_("заголовок"), max_length=200)
    slug = models.SlugField(
        _("адрес"),
        max_length=100,
        unique=True,
        help_text=_("Латиницей: /articles/адрес/. Если изменить, старые ссылки не откроются."),
    )
    lead = models.TextField(
        _("вступление"), max_length=600, blank=True, help_text=_("Одна-две фразы для списка статей.")
    )
    body = models.TextField(
        _("текст"),
        max_length=100_000,
        help_text=_("HTML: абзацы, подзаголовки h2–h4, списки, таблицы, ссылки. Остальное убирается."),
    )
    sections = models.ManyToManyField(
        Section,
        verbose_name=_("разделы"),
        blank=True,
        related_name="articles",
        help_text=_("Статья видна у товаров этих разделов и всех разделов внутри."),
    )
    products = models.ManyToManyField(Product, verbose_name=_("товары"), blank=True, related_name="articles")
    is_published = models.BooleanField(_("опубликована"), default=False)
    published_at = models.DateTimeField(
        _("опубликована с"), null=True, blank=True, help_text=_("Пусто: с момента сохранения.")
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("статья")
        verbose_name_plural = _("статьи")
        triggers = touches("article", ids="id")
        indexes = [
            models.Index(
                fields=["-published_at", "-id"], condition=Q(is_published=True), name="article_newest"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_published=False) | Q(published_at__isnull=False),
                name="article_published_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.title
