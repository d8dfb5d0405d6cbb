"""Addresses of settlements."""

from django.urls import path

from finance.web import views

app_name = "finance"

urlpatterns = [path("", views.settlements, name="settlements")]
