"""Addresses of clients, for themselves and for those who serve them."""

from django.urls import path

from counterparties.web.views import clients
from counterparties.web.entering import EnterAsClient, LeaveClient

app_name = "counterparties"

urlpatterns = [
    path("legal-entity/", clients.legal_entity_choose, name="legal_entity"),
    # In front of django-hijack's own views, under their addresses: `hijack:acquire`, `hijack:release`.
    path("hijack/acquire/", EnterAsClient.as_view(), name="enter"),
    path("hijack/release/", LeaveClient.as_view(), name="leave"),
    path("staff/clients/", clients.client_list, name="clients"),
    path("staff/clients/<int:pk>/", clients.client_detail, name="client"),
]
