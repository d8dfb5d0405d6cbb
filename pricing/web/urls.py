"""Addresses of prices."""

from django.urls import path

from pricing.web import views

app_name = "pricing"

urlpatterns = [
    path("reason/<int:pk>/", views.reason, name="reason"),
]
