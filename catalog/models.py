"""Goods, how they are arranged, where they lie."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.files.models import StoredFile


class City(models.Model):
    """Where clients are served; its warehouses serve it in an order."""

    name = models.CharField(_("название"), max_length=100, unique=True)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    is_active = models.BooleanField(_("обслуживается"), default=True)

    class Meta:
        verbose_name = _("город")
        verbose_name_plural = _("города")

    def __str__(self) -> str:
        return self.name


class Warehouse(models.Model):
    """A place where goods lie. It serves nobody until an administrator gives it to a city."""

    name = models.CharField(_("название"), max_length=160)
    address = models.CharField(_("адрес"), max_length=500, blank=True)
    is_active = models.BooleanField(_("действует"), default=True)

    class Meta:
        verbose_name = _("склад")
        verbose_name_plural = _("склады")

    def __str__(self) -> str:
        return self.name


class CityWarehouse(models.Model):
    """A warehouse that serves a city: in which order and how fast."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="served_by")
    warehouse = models.ForeignKey(
        Warehouse, verbose_name=_("склад"), on_delete=models.CASCADE, related_name="serves"
    )
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    delivery_days = models.PositiveSmallIntegerField(_("срок доставки, дней"), default=1)

    class Meta:
        verbose_name = _("склад города")
        verbose_name_plural = _("склады города")
        constraints = [models.UniqueConstraint(fields=["city", "warehouse"], name="city_warehouse_unique")]

    def __str__(self) -> str:
        return f"{self.city}: {self.warehouse}"


class Classifier(models.Model):
    """One tree of sections over the goods: by kind, by application, by brand."""

    name = models.CharField(_("название"), max_length=160)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)

    class Meta:
        verbose_name = _("классификатор")
        verbose_name_plural = _("классификаторы")

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    """A branch of a classifier."""

    classifier = models.ForeignKey(Classifier, on_delete=models.CASCADE, related_name="sections")
    parent = models.ForeignKey(
        "self",
        verbose_name=_("входит в"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    name = models.CharField(_("название"), max_length=250)
    sort_key = models.CharField(max_length=300, editable=False)
    is_hidden = models.BooleanField(_("скрыт"), default=False)

    class Meta:
        verbose_name = _("раздел")
        verbose_name_plural = _("разделы")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")), name="section_not_own_parent"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Brand(models.Model):
    """A manufacturer; 1C may send it under a new id each time, so it is matched by name."""

    name = models.CharField(_("название"), max_length=160)
    normalized_name = models.CharField(max_length=160, unique=True, editable=False)

    class Meta:
        verbose_name = _("бренд")
        verbose_name_plural = _("бренды")

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
    sections = models.ManyToManyField(
        Section, through="ProductSection", related_name="products", verbose_name=_("разделы")
    )
    is_hidden = models.BooleanField(_("скрыт"), default=False)
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)
    updated_at = models.DateTimeField(_("изменен"), auto_now=True)

    class Meta:
        verbose_name = _("товар")
        verbose_name_plural = _("товары")
        indexes = [
            models.Index(fields=["article"], name="product_article"),
            models.Index(fields=["sort_key", "id"], condition=Q(is_hidden=False), name="product_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ProductSection(models.Model):
    """A product's place in a tree."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="places")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="+")

    class Meta:
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
        indexes = [models.Index(fields=["article"], name="sku_article")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Name with the characteristic, as 1C writes it."""
        return f"{self.product.name} ({self.characteristic})" if self.characteristic else self.product.name


class Pack(models.Model):
    """How many base units a package of the product holds."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="packs")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
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


class PropertyType(models.TextChoices):
    """1C's type of a property; may change between exports."""

    TEXT = "text", _("Строка")
    NUMBER = "number", _("Число")
    OPTION = "option", _("Справочник")
    TIME = "time", _("Время")


class Property(models.Model):
    """A characteristic that goods are described and filtered by; there are over a thousand."""

    name = models.CharField(_("название"), max_length=250)
    value_type = models.CharField(_("тип"), max_length=8, choices=PropertyType, default=PropertyType.TEXT)
    is_hidden = models.BooleanField(_("скрыто"), default=False)

    class Meta:
        verbose_name = _("свойство")
        verbose_name_plural = _("свойства")

    def __str__(self) -> str:
        return self.name


class PropertyOption(models.Model):
    """One value of a property of type Справочник."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="options")
    value = models.CharField(_("значение"), max_length=500)

    class Meta:
        verbose_name = _("вариант значения")
        verbose_name_plural = _("варианты значений")

    def __str__(self) -> str:
        return self.value


class PropertyValue(models.Model):
    """A product's value: raw as 1C sent it, with a typed projection for filters."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="property_values")
    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="values")
    raw = models.CharField(max_length=1000)
    option = models.ForeignKey(PropertyOption, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.CharField(max_length=1000)
    number = models.DecimalField(max_digits=20, decimal_places=6, null=True)

    class Meta:
        verbose_name = _("значение свойства")
        verbose_name_plural = _("значения свойств")
        constraints = [
            models.UniqueConstraint(fields=["product", "property", "raw"], name="property_value_unique")
        ]

    def __str__(self) -> str:
        return self.text


class Stock(models.Model):
    """What lies in a warehouse.

    `free` is 1C's last word (may be negative or fractional there); `reserved` is what the portal
    has taken orders for and 1C does not know of yet.
    """

    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="stocks")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="stocks")
    free = models.DecimalField(_("свободно"), max_digits=15, decimal_places=3)
    reserved = models.DecimalField(_("в резерве портала"), max_digits=15, decimal_places=3, default=0)
    updated_at = models.DateTimeField(_("на момент"))

    class Meta:
        verbose_name = _("остаток")
        verbose_name_plural = _("остатки")
        constraints = [
            models.UniqueConstraint(fields=["sku", "warehouse"], name="stock_unique"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="stock_reserved_not_negative"),
        ]
        indexes = [
            models.Index(
                fields=["warehouse", "sku"],
                name="stock_available",
                condition=Q(free__gt=models.F("reserved")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} @ {self.warehouse_id}: {self.free}"
