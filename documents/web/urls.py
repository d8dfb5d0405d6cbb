"""Addresses of documents."""

from django.urls import path

from documents.web import views

app_name = "documents"

urlpatterns = [
    path("<uuid:uid>/", views.download, name="download"),
]
