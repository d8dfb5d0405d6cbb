"""Django settings: one module, driven by `portal.environment.Environment`."""

from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels

from portal.environment import ROOT, Environment
from portal.logs import logging_config
from portal.schedule import SCHEDULE

env = Environment()

# --- what is installed -------------------------------------------------------------------------
DEBUG = env.environment == "development"
SECRET_KEY = env.secret_key.get_secret_value()
SECRET_KEY_FALLBACKS = env.listed(env.secret_key_fallbacks)
ALLOWED_HOSTS = env.listed(env.allowed_hosts)
CSRF_TRUSTED_ORIGINS = env.listed(env.trusted_origins)
SITE_URL = env.site_url.rstrip("/")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_celery_beat",
    "django_filters",
    "django_htmx",
    "guardian",
    "hijack",
    "pgtrigger",
    "pghistory",
    "portal.outbox",
    "portal.audit",
    "portal.files",
    "accounts",
    "catalog",
    "counterparties",
    "pricing",
    "finance",
    "orders",
    "documents",
    "integrations",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.audit.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "counterparties.web.visiting.VisitMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.web.middleware.SessionAgeMiddleware",
    "accounts.web.middleware.KnownDeviceMiddleware",
    "hijack.middleware.HijackUserMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "counterparties.web.middleware.ActorMiddleware",
    "accounts.web.middleware.SecondFactorMiddleware",
    "portal.audit.middleware.AuditContextMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "counterparties.web.context.workplace",
                "orders.web.context.cart_badge",
            ],
            "builtins": [
                "portal.templatetags.trade",
                "portal.templatetags.page_person",
                "portal.templatetags.icons",
                "portal.templatetags.lists",
                "catalog.web.tags",
                "catalog.web.suggest_tags",
                "integrations.web.tags",
            ],
        },
    },
]
MESSAGE_TAGS = {message_levels.ERROR: "danger", message_levels.DEBUG: "secondary"}


# --- data ----------------------------------------------------------------------------------------
def database(url: str) -> dict[str, object]:
    """Translate a database address into Django's form (postgresql://user:password@host:port/name)."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # PgBouncer pools by transaction
        "OPTIONS": {"connect_timeout": 3, "options": env.database_options},
        "TEST": {"TEMPLATE": "template0"},
    }


DATABASES = {"default": database(env.database_url)}

CACHES = {
    "default": {
        "BACKEND": "portal.cache.FailOpenRedisCache",
        "LOCATION": env.cache_url or env.redis_url.rsplit("/", 1)[0] + "/1",
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    },
}
SESSION_ENGINE = "accounts.sessions"  # in the database: survives the loss of Redis
SESSION_COOKIE_AGE = 12 * 3600

VAR_DIRECTORY = env.var_directory
FILES_ROOT = env.files_directory or env.var_directory / "files"
FILES_ACCEL_PREFIX = env.files_accel_prefix
EXCHANGE_ROOT = VAR_DIRECTORY / "exchange"
EXCHANGE_FILE_LIMIT = env.exchange_file_limit
EXCHANGE_POLL_SECONDS = env.exchange_poll_seconds
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.var_directory / "media"},
    },
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT, "file_permissions_mode": 0o640},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.is_production
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles" if env.is_production else None  # elsewhere finders serve
STATICFILES_DIRS = [ROOT / "static"]
WHITENOISE_USE_FINDERS = not env.is_production
WHITENOISE_AUTOREFRESH = DEBUG

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 22  # twenty photos of a claim and room to say that more are too many

# --- language and time -----------------------------------------------------------------------------
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский")]  # English joins when its catalogue of texts is complete
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Moscow"

# --- sign-in ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PersonBackend"]
PASSWORD_HASHERS = [
    "accounts.hashers.PortalArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "change_password": "accounts.forms.ChangePasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
# accounts.limiter counts every guess in the database; allauth's own counts lie in the cache, which
# may be lost: they are left to what is only a nuisance.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "reauthenticate": None,
    "change_password": None,
    "reset_password": None,
    "signup": "5/h/ip",
}
DEVICE_COOKIE_NAME = "known_device"
MFA_ADAPTER = "accounts.web.mfa.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # telephones' clocks differ
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not env.is_production  # browsers allow http on localhost
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
}
MFA_REQUIRED_FOR = env.second_factor_roles
SOCIALACCOUNT_ADAPTER = "accounts.web.company.CompanySocialAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # the company has vouched for the address
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}
ALLAUTH_TRUSTED_PROXY_COUNT = env.trusted_proxies
GUARDIAN_MONKEY_PATCH_USER = False
# Object permissions are read by querysets; no backend answers has_perm() for them.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
ANONYMOUS_USER_NAME = None
HIJACK_PERMISSION_CHECK = "counterparties.web.impersonation.may_enter"
HIJACK_INSERT_BEFORE = None  # the cabinet shows its own bar
HIJACK_LOGIN_REDIRECT_URL = "home"
HIJACK_LOGOUT_REDIRECT_URL = "counterparties:clients"

# --- catalogue index ---------------------------------------------------------------------------------
CATALOG_INDEX_POLL_SECONDS = 0.25
PRICE_TERMS_KEPT_SECONDS = 60.0  # at most, where no indexer tells of changes
CATALOG_INDEX_CACHE_BYTES = env.catalog_index_cache_mb * 1_000_000
CATALOG_INDEX_INLINE = env.environment == "test"  # each look brings the index up to date by itself
CREDIT_NETTING = env.credit_netting
CREDIT_ADVANCE_COVERS_RESERVE = env.credit_advance_covers_reserve
TEST_SKIP_LOCKS = env.environment == "test" and env.portal_test_skip_locks

METRICS_TOKEN = env.metrics_token.get_secret_value()

# --- new clients -------------------------------------------------------------------------------------
PRICES_BEFORE_APPROVAL, COMPANY_LOOKUP = env.prices_before_approval, env.company_lookup
DADATA_KEY, DADATA_URL = env.dadata_key.get_secret_value(), env.dadata_url.rstrip("/")
DADATA_TIMEOUT_SECONDS = env.dadata_timeout_seconds

# --- contracts and files of clients ------------------------------------------------------------------
ANTIVIRUS_ADDRESS, ANTIVIRUS_TIMEOUT_SECONDS = env.antivirus_address, env.antivirus_timeout_seconds
CONTRACT_REMINDER_DAYS = tuple(int(days) for days in env.listed(env.contract_reminder_days))

# --- talks by mail -----------------------------------------------------------------------------------
TALK_MAIL_ADDRESS = env.talk_mail_address
TALK_MAILBOX_URL = env.talk_mailbox_url.get_secret_value()
TALK_MAIL_SECRET = env.talk_mail_secret.get_secret_value()

# --- delivery ----------------------------------------------------------------------------------------
DELIVERY_CARRIERS = env.delivery_carriers
CDEK_ACCOUNT, CDEK_SECRET = env.cdek_account, env.cdek_secret.get_secret_value()
CDEK_URL, CDEK_TIMEOUT_SECONDS = env.cdek_url.rstrip("/"), env.cdek_timeout_seconds

# --- online payment ----------------------------------------------------------------------------------
PAYMENT_GATEWAY, YOOKASSA_URL = env.payment_gateway, env.yookassa_url.rstrip("/")
YOOKASSA_SHOP_ID, YOOKASSA_SECRET_KEY = env.yookassa_shop_id, env.yookassa_secret_key.get_secret_value()
YOOKASSA_TAX_SYSTEM: int = env.yookassa_tax_system
YOOKASSA_NETWORKS = env.listed(env.yookassa_networks)
YOOKASSA_CONNECT_SECONDS, YOOKASSA_READ_SECONDS = 5, 15
EDO_OPERATOR, EDO_ADVANCE_SF_IDENT = env.edo_operator, env.edo_advance_sf_ident
EDO_DROP_DIR = env.edo_drop_dir or env.var_directory / "edo"
PORTAL_POSTS_PAYMENTS = env.portal_posts_payments

# --- webhooks and CRM --------------------------------------------------------------------------------
OUTWARD_PRIVATE_NETWORKS = env.listed(env.outward_networks)
OUTWARD_HTTP_TO_LOOPBACK = False  # only tests, with their stand-ins, ask without https

# --- browser rules -----------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("accelerometer", "camera", "geolocation", "gyroscope", "magnetometer", "usb")
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if env.is_production:
    SECURE_SSL_REDIRECT = True
    # The 1C client follows no redirect, and probes ask inside the network.
    SECURE_REDIRECT_EXEMPT = [
        r"^1c/",
        r"^api/1c/",
        r"^bitrix/admin/1c_exchange\.php$",
        r"^healthz$",
        r"^readyz$",
    ]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sid"
    DEVICE_COOKIE_NAME = "__Host-device"
    CSRF_COOKIE_NAME = "__Host-csrf"

# --- mail --------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.email_from
EMAIL_TIMEOUT = 10
if env.email_url:
    _mail = urlsplit(env.email_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.scheme == "smtp+tls", _mail.scheme == "smtps"
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = env.var_directory / "mail"

# --- background ----------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.redis_url
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True  # state lives in the job table
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 1740
CELERY_TASK_TIME_LIMIT = 1800
CELERY_VISIBILITY_TIMEOUT = 2100  # soft < hard < visibility
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 2100,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 3,
    "socket_connect_timeout": 2,
    "health_check_interval": 15,
    "retry_on_timeout": False,
}
CELERY_TASK_PUBLISH_RETRY = False  # the sweeper sends again what could not be sent
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = SCHEDULE


# --- observation -----------------------------------------------------------------------------------------
LOGGING = logging_config(env.log_format, level="WARNING" if env.environment == "test" else "INFO")
if env.sentry_dsn:
    import sentry_sdk

    sentry_sdk.init(dsn=env.sentry_dsn, environment=env.environment, send_default_pii=False)
