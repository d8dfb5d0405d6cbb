"""Addresses of documents."""

from django.urls import path

from documents.web import contracts, contracts_review, edo, price_list_feed, price_lists, requests, views

app_name = "documents"

urlpatterns = [
    path("", views.document_list, name="list"),
    path("<uuid:uid>/", views.download, name="download"),
    path("requests/act/", requests.act, name="request_act"),
    path("requests/original/<int:pk>/", requests.original, name="request_original"),
    path("received/<uuid:uid>/", views.received, name="received"),
    path("contracts/", contracts.contracts, name="contracts"),
    path("contracts/new/", contracts_review.contract_new, name="contract_new"),
    path("contracts/<int:pk>/", contracts.contract, name="contract"),
    path("contracts/<int:pk>/versions/", contracts_review.contract_version_new, name="contract_version_new"),
    path("contracts/<int:pk>/prolongation/", contracts.contract_unprolong, name="contract_unprolong"),
    path("contracts/files/<int:file_pk>/", contracts.contract_file, name="contract_file"),
    path("contracts/versions/<int:version_pk>/scans/", contracts.contract_scans, name="contract_scans"),
    path(
        "contracts/versions/<int:version_pk>/files/",
        contracts_review.contract_file_new,
        name="contract_file_new",
    ),
    path("contracts/versions/<int:version_pk>/move/", contracts_review.contract_move, name="contract_move"),
    path(
        "contracts/versions/<int:version_pk>/return/",
        contracts_review.contract_return,
        name="contract_return",
    ),
    path(
        "contracts/versions/<int:version_pk>/accept/",
        contracts_review.contract_accepting,
        name="contract_accept",
    ),
    path("edo/<uuid:uid>/", edo.edo_view, name="edo_view"),
    path("edo/<uuid:uid>/xml/", edo.xml, name="xml"),
    path("edo/<uuid:uid>/send/", edo.edo_send, name="edo_send"),
    path("price-lists/", price_lists.price_lists, name="price_lists"),
    path("price-lists/new/", price_lists.price_list_new, name="price_list_new"),
    path("price-lists/<uuid:uid>/", price_lists.price_list, name="price_list"),
    path("price-lists/<uuid:uid>/make/", price_lists.price_list_make, name="price_list_make"),
    path("price-lists/<uuid:uid>/files/", price_lists.price_list_state, name="price_list_state"),
    path("price-lists/<uuid:uid>/remove/", price_lists.price_list_drop, name="price_list_remove"),
    path("price-lists/<uuid:uid>/mail/", price_lists.price_list_mail, name="price_list_mail"),
    path("price-lists/<uuid:uid>/link/", price_lists.price_list_link, name="price_list_link"),
    path("price-lists/file/<uuid:uid>/", price_lists.price_list_file, name="price_list_file"),
    path("price-lists/feed/<str:token>/", price_list_feed.price_list_feed, name="price_list_feed"),
]
