"""Addresses of the portal."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.web.views import company_callback
from counterparties.web.views.clients import home
from integrations.web.crm import crm_hook
from integrations.web.mailbox import mail_inbound
from integrations.web.push import urls as push_urls
from integrations.web.views import onec_exchange
from integrations.web.yookassa import yookassa_notice
from portal import health, metrics

admin.site.site_header = admin.site.site_title = "Портал дилера: администрирование"
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

favicon = login_not_required(RedirectView.as_view(url="/static/img/favicon.svg", permanent=True))

urlpatterns = [
    path("", home, name="home"),
    path("accounts/", include("accounts.web.urls")),
    path("accounts/company/<str:provider_id>/callback/", company_callback, name="openid_connect_callback"),
    path("accounts/2fa/", RedirectView.as_view(pattern_name="accounts:security"), name="mfa_index"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("catalog/", include("catalog.web.urls")),
    path("articles/", include("catalog.web.article_urls")),
    path("prices/", include("pricing.web.urls")),
    path("", include("orders.web.urls")),
    path("", include("counterparties.web.urls")),
    path("settlements/", include("finance.web.urls")),
    path("documents/", include("documents.web.urls")),
    path("hijack/", include("hijack.urls")),
    path("admin/", admin.site.urls),
    path("1c/", include("integrations.web.urls")),
    path("api/1c/v1/", push_urls),
    path("bitrix/admin/1c_exchange.php", onec_exchange, name="onec_alias"),
    path("pay/yookassa/", yookassa_notice, name="yookassa_notice"),
    path("crm/<uuid:hook>/", crm_hook, name="crm_hook"),
    path("mail/inbound/", mail_inbound, name="mail_inbound"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("favicon.ico", favicon, name="favicon"),
]
