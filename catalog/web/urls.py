"""Addresses of the catalogue."""

from django.urls import path

from catalog.web import views

app_name = "catalog"

urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.section, name="section"),
    path("product/<int:pk>/", views.product, name="product"),
    path("picture/<int:pk>/", views.picture, name="picture"),
    path("city/", views.city, name="city"),
]
