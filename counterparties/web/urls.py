"""Addresses of clients, for themselves and for those who serve them."""

from django.urls import path

from counterparties.web import views

app_name = "counterparties"

urlpatterns = [
    path("legal-entity/", views.legal_entity_choose, name="legal_entity"),
    path("staff/clients/", views.client_list, name="clients"),
    path("staff/clients/<int:pk>/", views.client_detail, name="client"),
]
