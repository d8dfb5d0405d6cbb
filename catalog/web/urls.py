"""Addresses of the catalogue."""

from django.urls import path

from catalog.web import lists, views

app_name = "catalog"

urlpatterns = [
    path("", lists.index, name="index"),
    path("<int:pk>/", lists.section, name="section"),
    path("export/", lists.export, name="export"),
    path("<int:pk>/export/", lists.section_export, name="section_export"),
    path("look/", lists.look, name="look"),
    path("product/<int:pk>/", views.product, name="product"),
    path("picture/<int:pk>/", views.picture, name="picture"),
    path("city/", views.city, name="city"),
]
