"""Addresses of the catalogue."""

from django.urls import path

from catalog.web import city, files, product, views

app_name = "catalog"

urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.section, name="section"),
    path("product/<int:pk>/", product.product, name="product"),
    path("picture/<int:pk>/", files.picture, name="picture"),
    path("paper/<int:pk>/", files.paper, name="paper"),
    path("city/", city.city, name="city"),
    path("city/switch/", city.city_switch, name="city_switch"),
]
