"""Sign-in of a client's people through their own company."""

from allauth.socialaccount.models import SocialApp
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from counterparties.models.clients import Holding
from portal.audit.tracking import tracked


@tracked()
class CompanySignIn(models.Model):
    """A mail domain of a holding and the OpenID Connect server that vouches for its people."""

    holding = models.ForeignKey(
        Holding, verbose_name=_("клиент"), on_delete=models.CASCADE, related_name="company_sign_ins"
    )
    app = models.ForeignKey(
        SocialApp,
        verbose_name=_("сервер входа"),
        on_delete=models.PROTECT,
        related_name="company_sign_ins",
        limit_choices_to={"provider": "openid_connect"},
    )
    email_domain = models.CharField(
        _("почтовый домен"),
        max_length=253,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9.-]+\.[a-z0-9-]{2,}$", _("Например: company.ru"))],
    )
    is_active = models.BooleanField(_("действует"), default=True)

    class Meta:
        verbose_name = _("вход через компанию")
        verbose_name_plural = _("вход через компанию")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email_domain=Lower("email_domain")), name="company_sign_in_domain_lower"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email_domain}: {self.holding}"
