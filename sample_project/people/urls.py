"""Addresses of the people: pages and the API."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from people import views

router = DefaultRouter()
router.register("people", views.PersonViewSet)

urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("people/<slug:slug>/", views.person, name="person"),
    path("api/", include(router.urls)),
]
