"""WSGI entry point: gunicorn portal.wsgi:application."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from portal.celery import app as celery_app  # a web process sends jobs to the workers

__all__ = ["application", "celery_app"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()
import_module("portal.warming").code_warm()  # its models can be imported only now
