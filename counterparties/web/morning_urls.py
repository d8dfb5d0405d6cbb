"""Addresses of the manager's morning and of what he does from there."""

from django.urls import path

from counterparties.web.views import client_acts, find, morning

urlpatterns = [
    path("staff/morning/", morning.morning_page, name="morning"),
    path("staff/morning/day/", morning.morning_day, name="morning_day"),
    path("staff/morning/pause/", morning.pause, name="morning_pause"),
    path("staff/morning/resume/", morning.resume, name="morning_resume"),
    path("staff/find/", find.find, name="find"),
    path("staff/clients/<int:pk>/notes/", client_acts.note_add, name="client_note"),
    path("staff/clients/<int:pk>/limit/", client_acts.limit_give, name="client_limit"),
]
