"""The seller, and where money is kept."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.audit.tracking import tracked


class BankDetails(models.Model):
    """Where money of a legal entity is kept."""

    bank_name = models.CharField(_("банк"), max_length=160)
    bic = models.CharField(_("БИК"), max_length=9)
    correspondent_account = models.CharField(_("корр. счет"), max_length=20, blank=True)
    account = models.CharField(_("расчетный счет"), max_length=20)
    is_default = models.BooleanField(_("основной"), default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.account}, {self.bank_name}"


class TaxRegime(models.TextChoices):
    """How the seller pays taxes; decides VAT lines of documents."""

    GENERAL = "osno", _("Общая система, НДС")
    SIMPLIFIED_EXEMPT = "usn_exempt", _("УСН без НДС")
    SIMPLIFIED_5 = "usn_5", _("УСН, НДС 5%")
    SIMPLIFIED_7 = "usn_7", _("УСН, НДС 7%")


@tracked()
class Organization(models.Model):
    """The seller's own legal entity."""

    name = models.CharField(_("наименование"), max_length=160)
    full_name = models.CharField(_("полное наименование"), max_length=500)
    inn = models.CharField(_("ИНН"), max_length=12)
    kpp = models.CharField(_("КПП"), max_length=9, blank=True)
    ogrn = models.CharField(_("ОГРН"), max_length=15, blank=True)
    address = models.CharField(_("адрес"), max_length=500)
    phone = models.CharField(_("телефон"), max_length=40, blank=True)
    email = models.EmailField(_("эл. почта"), blank=True)
    tax_regime = models.CharField(
        _("налоговый режим"), max_length=12, choices=TaxRegime, default=TaxRegime.GENERAL
    )
    head_position = models.CharField(_("должность руководителя"), max_length=100, default="Руководитель")
    head_name = models.CharField(_("руководитель"), max_length=100, blank=True)
    accountant_name = models.CharField(_("бухгалтер"), max_length=100, blank=True)
    invoice_prefix = models.CharField(_("префикс номера счета"), max_length=6, blank=True)
    invoice_notice = models.TextField(_("предупреждение в счете"), blank=True)
    invoice_valid_days = models.PositiveSmallIntegerField(_("срок оплаты счета, банковских дней"), default=5)
    confirms_orders_itself = models.BooleanField(
        _("подтверждать заказы сразу"),
        default=False,
        help_text=_("Иначе заказ ждет подтверждения менеджером."),
    )

    class Meta:
        verbose_name = _("организация")
        verbose_name_plural = _("наши организации")

    def __str__(self) -> str:
        return self.name


class OrganizationBankAccount(BankDetails):
    """An account of the seller; the default one goes into invoices."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="bank_accounts")

    class Meta:
        verbose_name = _("счет организации")
        verbose_name_plural = _("счета организации")
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_default=True), name="organization_account_one_default"
            )
        ]
