"""People who sign in: clients' and the distributor's alike."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.notices import Channel
from accounts.zones import Zone
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
    time_zone = models.CharField(
        _("часовой пояс"), max_length=30, choices=Zone, default=Zone.MOSCOW, db_default=Zone.MOSCOW
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


class Digest(models.Model):
    """A letter that gathers what waited for it: one for a person and day, written when it falls due."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="digests")
    day = models.DateField(_("день"))
    due_at = models.DateTimeField(_("срок"))
    ordered_at = models.DateTimeField(_("собрана"))

    class Meta:
        verbose_name = _("сводка")
        verbose_name_plural = _("сводки")
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.user}: {self.day:%d.%m.%Y}"


class Notice(models.Model):
    """A line in a person's inbox: once per kind, thing and day."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("о чем"), max_length=30)
    reference = models.CharField(max_length=60)
    day = models.DateField(_("день"))
    title = models.CharField(_("заголовок"), max_length=200)
    text = models.CharField(_("текст"), max_length=1000, blank=True)
    title_english = models.CharField(
        _("заголовок по-английски"), max_length=200, blank=True, default="", db_default=""
    )
    text_english = models.CharField(
        _("текст по-английски"), max_length=1000, blank=True, default="", db_default=""
    )
    address = models.CharField(_("ссылка"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("когда"))
    read_at = models.DateTimeField(_("прочитано"), null=True, blank=True)
    channel = models.CharField(
        _("куда"), max_length=6, choices=Channel, default=Channel.INBOX, db_default=Channel.INBOX
    )
    digest = models.ForeignKey(
        Digest,
        verbose_name=_("сводка"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="notices",
    )

    class Meta:
        verbose_name = _("уведомление")
        verbose_name_plural = _("уведомления")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "reference", "day"], name="notice_once_a_day")
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notice_newest"),
            models.Index(fields=["user"], condition=models.Q(read_at__isnull=True), name="notice_unread"),
            models.Index(
                fields=["user", "created_at"],
                condition=models.Q(channel=Channel.DIGEST, digest__isnull=True),
                name="notice_awaits_digest",
            ),
            models.Index(fields=["created_at"], name="notice_oldest"),
        ]

    def __str__(self) -> str:
        return self.title


class NoticeSetting(models.Model):
    """How far notices of a kind go to a person; without a row the rule of the kind holds."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_settings")
    kind = models.CharField(_("о чем"), max_length=30)
    channel = models.CharField(_("куда"), max_length=6, choices=Channel)

    class Meta:
        verbose_name = _("настройка уведомлений")
        verbose_name_plural = _("настройки уведомлений")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notice_setting_unique")]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind}"


class NoticeRule(models.Model):
    """How far notices of a kind go to who has not chosen; without a row the portal's own rule holds."""

    kind = models.CharField(_("о чем"), max_length=30, unique=True)
    channel = models.CharField(_("куда"), max_length=6, choices=Channel)

    class Meta:
        verbose_name = _("правило уведомлений")
        verbose_name_plural = _("правила уведомлений")

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_channel_display()}"


class DigestRhythm(models.TextChoices):
    """How often a digest comes."""

    DAILY = "daily", _("Каждый день")
    WEEKLY = "weekly", _("Раз в неделю")


class Weekday(models.IntegerChoices):
    """As `date.weekday` counts them."""

    MONDAY = 0, _("понедельник")
    TUESDAY = 1, _("вторник")
    WEDNESDAY = 2, _("среда")
    THURSDAY = 3, _("четверг")
    FRIDAY = 4, _("пятница")
    SATURDAY = 5, _("суббота")
    SUNDAY = 6, _("воскресенье")


class LetterTimes(models.Model):
    """When a person gets the digest, and until which day no letters, by his own clock."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="letter_times")
    rhythm = models.CharField(_("сводка"), max_length=6, choices=DigestRhythm, default=DigestRhythm.DAILY)
    weekday = models.PositiveSmallIntegerField(_("день недели"), choices=Weekday, default=Weekday.MONDAY)
    hour = models.PositiveSmallIntegerField(_("час"), default=9)
    silent_until = models.DateField(_("не писать до"), null=True, blank=True)

    class Meta:
        verbose_name = _("время писем")
        verbose_name_plural = _("время писем")
        constraints = [
            models.CheckConstraint(condition=models.Q(hour__lte=23), name="letter_times_hour_of_a_day"),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="letter_times_weekday_of_a_week"),
        ]

    def __str__(self) -> str:
        return f"{self.get_rhythm_display()}, {self.hour:02d}:00"


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
    """When a person gets no letters, by his own clock; over midnight where it ends before it starts."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="quiet_hours")
    start = models.TimeField(_("с"))
    end = models.TimeField(_("до"))

    class Meta:
        verbose_name = _("тихие часы")
        verbose_name_plural = _("тихие часы")

    def __str__(self) -> str:
        return f"{self.start:%H:%M}–{self.end:%H:%M}"
