"""Addresses of the catalogue."""

from django.urls import path

from catalog.web import city, files, lists, product, suggestions

app_name = "catalog"

urlpatterns = [
    path("", lists.index, name="index"),
    path("<int:pk>/", lists.section, name="section"),
    path("export/", lists.export, name="export"),
    path("<int:pk>/export/", lists.section_export, name="section_export"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("look/", lists.look, name="look"),
    path("product/<int:pk>/", product.product, name="product"),
    path("picture/<int:pk>/", files.picture, name="picture"),
    path("paper/<int:pk>/", files.paper, name="paper"),
    path("city/", city.city, name="city"),
    path("city/switch/", city.city_switch, name="city_switch"),
]
