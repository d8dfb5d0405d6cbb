"""Addresses of articles."""

from django.urls import path

from catalog.web import articles

app_name = "articles"

urlpatterns = [
    path("", articles.article_list, name="list"),
    path("<slug:slug>/", articles.article, name="article"),
]
