"""Addresses of documents."""

from django.urls import path

from documents.web import requests, views

app_name = "documents"

urlpatterns = [
    path("", views.document_list, name="list"),
    path("<uuid:uid>/", views.download, name="download"),
    path("requests/act/", requests.act, name="request_act"),
    path("requests/original/<int:pk>/", requests.original, name="request_original"),
    path("received/<uuid:uid>/", views.received, name="received"),
]
