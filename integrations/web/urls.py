"""Addresses of the exchange."""

from django.urls import path

from integrations.web.views import onec_exchange

app_name = "integrations"

urlpatterns = [path("exchange", onec_exchange, name="onec")]
