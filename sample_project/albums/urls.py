"""Addresses of the albums."""

from django.urls import path

from albums import views

urlpatterns = [
    path("albums/", views.albums, name="albums"),
    path("albums/<slug:slug>/", views.album, name="album"),
]
