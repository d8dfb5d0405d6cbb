"""Addresses of merging and splitting."""

from django.urls import path

from counterparties.web.views import merging

urlpatterns = [
    path("staff/clients/<int:pk>/merge/", merging.merge, name="merge"),
    path("staff/clients/<int:pk>/merge/compare/", merging.compare, name="merge_compare"),
    path("staff/clients/<int:pk>/merge/into/<int:target_pk>/", merging.merge_holdings, name="merge_holdings"),
    path("staff/clients/<int:pk>/split/", merging.split, name="split"),
    path(
        "staff/legal-entities/<int:pk>/merge/<int:target_pk>/", merging.merge_entities, name="merge_entities"
    ),
]
