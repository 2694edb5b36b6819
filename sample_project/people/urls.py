"""Addresses of the people: pages and the API."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from people import views

router = DefaultRouter()
router.register("people", views.PersonViewSet)

urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("add/", views.add, name="person-add"),
    path("people/<slug:slug>/", views.person, name="person"),
    path("people/<slug:slug>/change/", views.change, name="person-change"),
    path("picker/", views.picker, name="picker"),
    path("api/", include(router.urls)),
]
