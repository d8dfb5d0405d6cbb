"""The administrator sees why a job died and runs it again."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest
from django.test import RequestFactory

from portal.outbox import enqueue
from portal.outbox.admin import JobAdmin
from portal.outbox.models import Job
from tests.portal.outbox_samples import Count, look_around

jobs = JobAdmin(Job, admin.site)


def asking(*permissions: str) -> HttpRequest:
    """A request of an employee who holds these permissions of the jobs."""
    user = get_user_model().objects.create(email="boss@example.com", full_name="Борис", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    request = RequestFactory().get("/admin/")
    request.user = user
    request._messages = CookieStorage(request)
    return request


def dead_job() -> Job:
    with transaction.atomic():
        pk = enqueue(look_around, Count(crates=17), key="a")
    Job.objects.filter(pk=pk).update(
        state="dead", attempts=5, finished_at=Now(), last_error="OSError: <лента> кончилась\n\nTraceback …"
    )
    return Job.objects.get(pk=pk)


@pytest.mark.django_db
def test_list_says_the_reason_in_one_line() -> None:
    assert jobs.reason(dead_job()) == "OSError: <лента> кончилась"


@pytest.mark.django_db
def test_page_shows_payload_and_error_as_text() -> None:
    job = dead_job()

    assert jobs.data(job) == "<pre>{\n  &quot;crates&quot;: 17\n}</pre>"
    assert jobs.error(job) == "<pre>OSError: &lt;лента&gt; кончилась\n\nTraceback …</pre>"


@pytest.mark.django_db
def test_run_again_queues_the_dead_job() -> None:
    job = dead_job()
    request = asking("change_job")

    jobs.run_again(request, Job.objects.all())

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 0)
    assert [message.message for message in request._messages] == ["Задание отправлено снова: 1."]


@pytest.mark.django_db
def test_run_again_without_a_dead_job_says_so() -> None:
    request = asking("change_job")

    jobs.run_again(request, Job.objects.none())

    assert [message.message for message in request._messages] == [
        "Среди выбранных нет остановленных заданий."
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("permissions", "may_see", "actions"),
    [((), False, []), (("view_job",), True, []), (("change_job",), True, ["run_again"])],
)
def test_rights_to_see_and_to_run_again(
    permissions: tuple[str, ...], may_see: bool, actions: list[str]
) -> None:
    request = asking(*permissions)

    assert jobs.has_view_permission(request) is may_see
    assert list(jobs.get_actions(request)) == actions
    assert (jobs.has_add_permission(request), jobs.has_change_permission(request)) == (False, False)
    assert jobs.has_delete_permission(request) is False
