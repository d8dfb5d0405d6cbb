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


class Language(models.TextChoices):
    """In which letters are written to a person."""

    RUSSIAN = "ru", "Русский"
    ENGLISH = "en", "English"


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
    language = models.CharField(
        _("язык писем"),
        max_length=2,
        choices=Language,
        default=Language.RUSSIAN,
        db_default=Language.RUSSIAN,
    )
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


class Notice(models.Model):
    """A line in a person's inbox: once per kind, thing and day."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("о чем"), max_length=30)
    reference = models.CharField(max_length=60)
    day = models.DateField(_("день"))
    title = models.CharField(_("заголовок"), max_length=200)
    text = models.CharField(_("текст"), max_length=1000, blank=True)
    address = models.CharField(_("ссылка"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("когда"))
    read_at = models.DateTimeField(_("прочитано"), null=True, blank=True)

    class Meta:
        verbose_name = _("уведомление")
        verbose_name_plural = _("уведомления")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "reference", "day"], name="notice_once_a_day")
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notice_newest"),
            models.Index(fields=["user"], condition=models.Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.title


class NoticeSetting(models.Model):
    """What a person wants to be told by mail, too; without a row the kind's own rule holds."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_settings")
    kind = models.CharField(_("о чем"), max_length=30)
    is_mailed = models.BooleanField(_("письмом"))

    class Meta:
        verbose_name = _("настройка уведомлений")
        verbose_name_plural = _("настройки уведомлений")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notice_setting_unique")]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind}"


class SentLetter(models.Model):
    """A letter that the mail server has taken: a repeated job does not send it again."""

    message_id = models.CharField(max_length=255, primary_key=True)
    letter = models.CharField(_("письмо"), max_length=60)
    address = models.EmailField(_("кому"))
    language = models.CharField(_("язык"), max_length=2, choices=Language)
    sent_at = models.DateTimeField(_("отправлено"), db_index=True)

    class Meta:
        verbose_name = _("письмо")
        verbose_name_plural = _("письма")

    def __str__(self) -> str:
        return f"{self.letter}: {self.address}"


class QuietHours(models.Model):
    """When a person gets no letters, Moscow time; over midnight where it ends before it starts."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="quiet_hours")
    start = models.TimeField(_("с"))
    end = models.TimeField(_("до"))

    class Meta:
        verbose_name = _("тихие часы")
        verbose_name_plural = _("тихие часы")

    def __str__(self) -> str:
        return f"{self.start:%H:%M}–{self.end:%H:%M}"
