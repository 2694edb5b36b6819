"""Addresses of the articles."""

from django.urls import path

from articles import views

urlpatterns = [
    path("articles/", views.articles, name="articles"),
    path("articles/<slug:slug>/", views.article, name="article"),
]
