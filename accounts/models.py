"""People who sign in: clients' and the distributor's alike."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.tracking import tracked


class UserManager(BaseUserManager["User"]):
    """Creates people by e-mail; the address is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


@tracked("email", "full_name", "phone", "is_active", "is_staff", "is_superuser")
class User(AbstractBaseUser, PermissionsMixin):
    """A person; signs in by e-mail. `is_staff` marks the distributor's employees."""

    email = models.EmailField(_("эл. почта"), unique=True)
    full_name = models.CharField(_("имя"), max_length=150)
    phone = models.CharField(_("телефон"), max_length=40, blank=True)
    position = models.CharField(_("должность"), max_length=100, blank=True)
    is_active = models.BooleanField(_("работает"), default=True)
    is_staff = models.BooleanField(_("сотрудник поставщика"), default=False)
    date_joined = models.DateTimeField(_("создан"), default=timezone.now)
    looks = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), editable=False)
    """How the person likes to see lists, see `accounts.looks`; written by `look_remember` only."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("пользователь")
        verbose_name_plural = _("пользователи")
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name or self.email

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0] if self.full_name else self.email


class GuessWindow(models.Model):
    """When somebody tried a password or a code lately; written by `accounts.limiter` only."""

    key = models.CharField(max_length=64, primary_key=True)
    hits = ArrayField(models.DateTimeField())
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]}: {len(self.hits)}"
