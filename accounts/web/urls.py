"""How a person signs in."""

from django.urls import path

from accounts.web import views

app_name = "accounts"

urlpatterns = [
    path("security/", views.security, name="security"),
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/end/", views.sessions_end, name="sessions_end"),
    path("sessions/<int:pk>/end/", views.session_end, name="session_end"),
    path("company/", views.company, name="company"),
    path("company/<str:provider_id>/", views.company_start, name="company_start"),
]
