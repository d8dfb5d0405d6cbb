"""What those who bought goods tell of them."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from catalog.index.touching import touches
from catalog.models import Product, Sku
from orders.models.orders import Order
from orders.states import ReviewState
from portal.audit.tracking import tracked

if TYPE_CHECKING:
    from counterparties.actor import Actor

BEST_RATING = 5


class ReviewQuerySet(models.QuerySet["Review"]):
    def published(self) -> Self:
        return self.filter(state=ReviewState.PUBLISHED)

    def of_goods_on_sale(self) -> Self:
        """Published ones of goods that are not hidden."""
        skus = Sku.objects.filter(product_id=OuterRef("product_id"), is_hidden=False)
        return self.published().filter(Exists(skus), product__is_hidden=False)

    def visible_to(self, actor: "Actor") -> Self:
        """What is published, and a person's own; an administrator sees all."""
        if actor.is_administrator:
            return self
        return self.filter(Q(state=ReviewState.PUBLISHED) | Q(author_id=actor.user_id))


@tracked("state", "rating", "reason", "reply")
class Review(models.Model):
    """A person's word on a product; `order` shows that his company bought it, and is told to nobody."""

    product = models.ForeignKey(
        Product, verbose_name=_("товар"), on_delete=models.CASCADE, related_name="reviews"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("автор"),
        on_delete=models.CASCADE,
        related_name="reviews",
    )
    order = models.ForeignKey(
        Order, verbose_name=_("куплено заказом"), on_delete=models.PROTECT, related_name="+"
    )
    rating = models.PositiveSmallIntegerField(
        _("оценка"), validators=[MinValueValidator(1), MaxValueValidator(BEST_RATING)]
    )
    text = models.TextField(_("отзыв"), max_length=3000)
    pros = models.TextField(_("достоинства"), max_length=1000, blank=True)
    cons = models.TextField(_("недостатки"), max_length=1000, blank=True)
    state = models.CharField(_("состояние"), max_length=10, choices=ReviewState, default=ReviewState.PENDING)
    reason = models.CharField(
        _("причина отказа"), max_length=500, blank=True, help_text=_("Ее видит автор отзыва.")
    )
    reply = models.TextField(
        _("ответ поставщика"), max_length=2000, blank=True, help_text=_("Показан под отзывом.")
    )
    created_at = models.DateTimeField(_("написан"))
    published_at = models.DateTimeField(_("опубликован"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("отзыв")
        verbose_name_plural = _("отзывы")
        triggers = touches("review", ids="product_id")
        indexes = [
            models.Index(
                fields=["product", "-published_at"], condition=Q(state="published"), name="review_newest"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["product", "author"], name="review_one_of_a_person"),
            models.CheckConstraint(condition=Q(rating__range=(1, BEST_RATING)), name="review_rating_known"),
            models.CheckConstraint(condition=~Q(text=""), name="review_text_not_empty"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="review_published_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""), name="review_rejected_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.rating}"
