"""Goods: what 1C calls Номенклатура, what of it is ordered, how it is packed and how it looks."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.index.touching import touches
from catalog.models.sections import Section
from portal.files.models import StoredFile


class Brand(models.Model):
    """A manufacturer; 1C may send it under a new id each time, so it is matched by name."""

    name = models.CharField(_("название"), max_length=160)
    normalized_name = models.CharField(max_length=160, unique=True, editable=False)

    class Meta:
        verbose_name = _("бренд")
        verbose_name_plural = _("бренды")
        triggers = [*touches("names"), *touches("brand", ids="id")]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A unit of measure as 1C names it; the code is ОКЕИ's or empty."""

    code = models.CharField(_("код ОКЕИ"), max_length=4, blank=True)
    name = models.CharField(_("обозначение"), max_length=50)
    full_name = models.CharField(_("название"), max_length=100, blank=True)
    international_code = models.CharField(_("международное"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("единица измерения")
        verbose_name_plural = _("единицы измерения")
        constraints = [models.UniqueConstraint(fields=["code", "name"], name="unit_code_name_unique")]

    def __str__(self) -> str:
        return self.name


class MarginClass(models.TextChoices):
    """How much the seller earns with a product, as he says himself."""

    A = "A", _("A – высокая")
    B = "B", _("B – обычная")
    C = "C", _("C – низкая")


class Product(models.Model):
    """Номенклатура. Never deleted: orders refer to it; 1C's deletion mark hides it."""

    name = models.CharField(_("наименование"), max_length=500)
    sort_key = models.CharField(max_length=600, editable=False)
    full_name = models.CharField(_("полное наименование"), max_length=1024, blank=True)
    article = models.CharField(_("артикул"), max_length=100, blank=True)
    code = models.CharField(_("код в 1С"), max_length=50, blank=True)
    barcode = models.CharField(_("штрихкод"), max_length=50, blank=True)
    description = models.TextField(_("описание"), blank=True)
    kind = models.CharField(_("вид номенклатуры"), max_length=100, blank=True)
    item_type = models.CharField(_("тип номенклатуры"), max_length=50, default="Товар")
    brand = models.ForeignKey(
        Brand,
        verbose_name=_("бренд"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="products",
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("единица"), on_delete=models.PROTECT, related_name="products"
    )
    vat_percent = models.DecimalField(
        _("ставка НДС, %"),
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Пусто: без НДС."),
    )
    weight = models.DecimalField(_("вес единицы, кг"), max_digits=12, decimal_places=6, null=True, blank=True)
    volume = models.DecimalField(
        _("объём единицы, м³"), max_digits=12, decimal_places=6, null=True, blank=True
    )
    order_multiple = models.DecimalField(
        _("кратность заказа"),
        max_digits=15,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("По сколько единиц отпускают. Если 1С передаёт реквизит «Кратность», верно её значение."),
    )
    sections = models.ManyToManyField(
        Section, through="ProductSection", related_name="products", verbose_name=_("разделы")
    )
    is_hidden = models.BooleanField(_("скрыт"), default=False)
    priority = models.SmallIntegerField(
        _("приоритет в поиске"),
        default=0,
        db_default=0,
        validators=[MinValueValidator(-100), MaxValueValidator(100)],
        help_text=_("От −100 до 100: чем больше, тем выше товар среди найденных."),
    )
    margin_class = models.CharField(
        _("класс наценки"),
        max_length=1,
        choices=MarginClass,
        default=MarginClass.B,
        db_default=MarginClass.B,
        help_text=_("Из подходящих товаров выше стоят те, на которых зарабатывают больше."),
    )
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)
    updated_at = models.DateTimeField(_("изменен"), auto_now=True)

    class Meta:
        verbose_name = _("товар")
        verbose_name_plural = _("товары")
        triggers = touches("product", ids="id")
        indexes = [
            models.Index(fields=["article"], name="product_article"),
            models.Index(fields=["sort_key", "id"], condition=Q(is_hidden=False), name="product_by_name"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(weight__gt=0), name="product_weight_positive"),
            models.CheckConstraint(condition=Q(volume__gt=0), name="product_volume_positive"),
            models.CheckConstraint(condition=Q(order_multiple__gt=0), name="product_multiple_positive"),
            models.CheckConstraint(
                condition=Q(priority__gte=-100, priority__lte=100), name="product_priority_sane"
            ),
            models.CheckConstraint(
                condition=Q(margin_class__in=MarginClass.values), name="product_margin_class_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductSection(models.Model):
    """A product's place in a tree."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="places")
    section = models.ForeignKey(Section, verbose_name=_("раздел"), on_delete=models.CASCADE, related_name="+")

    class Meta:
        triggers = touches("product", ids="product_id")
        constraints = [models.UniqueConstraint(fields=["section", "product"], name="product_section_unique")]

    def __str__(self) -> str:
        return f"{self.product_id} -> {self.section_id}"


class SkuQuerySet(models.QuerySet["Sku"]):
    def on_sale(self) -> Self:
        """What may be shown and ordered at all, before city and price are asked."""
        return self.filter(is_hidden=False, product__is_hidden=False)


class Sku(models.Model):
    """What is ordered: a product, or one characteristic of it."""

    product = models.ForeignKey(
        Product, verbose_name=_("товар"), on_delete=models.CASCADE, related_name="skus"
    )
    characteristic = models.CharField(_("характеристика"), max_length=250, blank=True)
    article = models.CharField(_("артикул"), max_length=100, blank=True)
    barcode = models.CharField(_("штрихкод"), max_length=50, blank=True)
    is_hidden = models.BooleanField(
        _("скрыт"), default=False, help_text=_("В том числе товар без характеристики, когда они есть.")
    )

    objects = SkuQuerySet.as_manager()

    class Meta:
        verbose_name = _("позиция")
        verbose_name_plural = _("позиции")
        triggers = touches("product", ids="product_id")
        indexes = [models.Index(fields=["article"], name="sku_article")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Name with the characteristic, as 1C writes it."""
        return sku_name(self.product.name, self.characteristic)


def sku_name(product: str, characteristic: str) -> str:
    return f"{product} ({characteristic})" if characteristic else product


class Pack(models.Model):
    """How many base units a package of the product holds."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="packs")
    unit = models.ForeignKey(Unit, verbose_name=_("единица"), on_delete=models.PROTECT, related_name="+")
    coefficient = models.DecimalField(_("в упаковке"), max_digits=15, decimal_places=3)

    class Meta:
        verbose_name = _("упаковка")
        verbose_name_plural = _("упаковки")
        constraints = [
            models.UniqueConstraint(fields=["product", "unit", "coefficient"], name="pack_unique"),
            models.CheckConstraint(condition=Q(coefficient__gt=0), name="pack_coefficient_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} × {self.coefficient.normalize():f}"


class Picture(models.Model):
    """A picture of a product; the first is the main one."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="pictures")
    source_path = models.CharField(_("путь в выгрузке"), max_length=300)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    preview = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("изображение")
        verbose_name_plural = _("изображения")
        constraints = [models.UniqueConstraint(fields=["product", "source_path"], name="picture_path_unique")]

    def __str__(self) -> str:
        return self.source_path
