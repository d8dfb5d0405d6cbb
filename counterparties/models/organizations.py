"""The seller, and where money is kept."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.audit.tracking import tracked
from portal.files.models import StoredFile


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


class ExpiredContract(models.TextChoices):
    """What orders are still taken under a contract whose last day has passed."""

    WARN = "warn", _("Принимать заказы с предупреждением")
    PREPAYMENT = "prepayment", _("Только предоплата, с предупреждением")
    BLOCK = "block", _("Не принимать заказы")


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
    okpo = models.CharField(_("ОКПО"), max_length=10, blank=True)
    ogrn_date = models.DateField(_("дата ОГРНИП"), null=True, blank=True, help_text=_("У предпринимателя."))
    edo_operator = models.CharField(_("оператор ЭДО"), max_length=100, blank=True)
    edo_id = models.CharField(_("идентификатор участника ЭДО"), max_length=60, blank=True)
    logo = models.ForeignKey(
        StoredFile,
        verbose_name=_("логотип"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    stamp = models.ForeignKey(
        StoredFile,
        verbose_name=_("оттиск печати"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_(
            "Печатается в счете, прайс-листе и заявке; в первичных документах места для печати пустые."
        ),
    )
    acts_are_mirrored = models.BooleanField(
        _("заполнять в акте сверки сторону клиента"),
        default=False,
        help_text=_("Иначе клиент вписывает свои данные сам."),
    )
    acts_storno_red = models.BooleanField(
        _("корректировки вниз красным сторно"),
        default=False,
        help_text=_("Дебет с минусом вместо кредита, как в некоторых базах 1С."),
    )
    act_reply_days = models.PositiveSmallIntegerField(
        _("рабочих дней на возражения по акту"),
        null=True,
        blank=True,
        help_text=_("Пусто: в акте нет оговорки о молчаливом согласии."),
    )
    mails_links = models.BooleanField(
        _("ссылки вместо вложений в письмах"),
        default=False,
        help_text=_("Документ открывается в кабинете после входа."),
    )
    expired_contract = models.CharField(
        _("когда договор истек"),
        max_length=10,
        choices=ExpiredContract,
        default=ExpiredContract.PREPAYMENT,
    )
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


class SignerRole(models.TextChoices):
    """In which place of a form a person signs."""

    HEAD = "head", _("Руководитель")
    ACCOUNTANT = "accountant", _("Главный бухгалтер")
    RELEASE = "release", _("Отпустил груз")
    RESPONSIBLE = "responsible", _("Ответственный за оформление")


class OrganizationSigner(models.Model):
    """Who signs for the organization, from when until when; by power of attorney unless the head himself."""

    organization = models.ForeignKey(
        Organization, verbose_name=_("организация"), on_delete=models.CASCADE, related_name="signers"
    )
    role = models.CharField(_("за кого"), max_length=11, choices=SignerRole)
    position = models.CharField(_("должность"), max_length=100)
    surname = models.CharField(_("фамилия"), max_length=60)
    name = models.CharField(_("имя"), max_length=60)
    patronymic = models.CharField(_("отчество"), max_length=60, blank=True)
    valid_from = models.DateField(_("с"))
    valid_until = models.DateField(_("по"), null=True, blank=True)
    authority_number = models.CharField(_("доверенность №"), max_length=50, blank=True)
    authority_date = models.DateField(_("доверенность от"), null=True, blank=True)
    authority_until = models.DateField(_("доверенность до"), null=True, blank=True)
    authority_guid = models.UUIDField(_("номер МЧД"), null=True, blank=True)
    authority_system = models.CharField(
        _("где хранится МЧД"), max_length=500, blank=True, help_text=_("https://m4d.nalog.gov.ru/")
    )
    facsimile = models.ForeignKey(
        StoredFile,
        verbose_name=_("факсимиле"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Печатается в счете и заявке, не в первичных документах."),
    )

    class Meta:
        verbose_name = _("подписант")
        verbose_name_plural = _("подписанты")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="signer_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(authority_number="") | Q(authority_date__isnull=False),
                name="signer_authority_has_date",
            ),
        ]
        indexes = [models.Index(fields=["organization", "role", "-valid_from"], name="signer_in_force")]

    def __str__(self) -> str:
        return f"{self.surname} {self.name}, {self.get_role_display()}"
