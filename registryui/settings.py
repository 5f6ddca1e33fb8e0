"""Every setting, read from the environment; docs/configuration.md describes each."""

import os
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from registryui import declarations
from registryui.accounts.signing import declared, declared_ldap
from registryui.web.logs import logging_for
from registryui.web.secret import kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

# --- What an administrator sets -------------------------------------------------------------

DEBUG = env.bool("REGISTRYUI_DEBUG", default=False)
DATA_DIR = Path(env.str("REGISTRYUI_DATA_DIR", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # configs may hold secrets
SECRET_KEY = env.str("REGISTRYUI_SECRET_KEY", default="") or kept_secret(DATA_DIR / "secret-key")
SECRET_KEY_FALLBACKS = env.list("REGISTRYUI_SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("REGISTRYUI_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("REGISTRYUI_TRUSTED_ORIGINS", default=[])
BASE_PATH = "/" + env.str("REGISTRYUI_BASE_PATH", default="").strip("/")
HTTPS = env.bool("REGISTRYUI_HTTPS", default=False)
READ_ONLY = env.bool("REGISTRYUI_READ_ONLY", default=False)
SYNC_INTERVAL = env.int("REGISTRYUI_SYNC_INTERVAL", default=300)
SYNC_THREADS = env.int("REGISTRYUI_SYNC_THREADS", default=16)
WORKER_THREADS = env.int("REGISTRYUI_WORKER_THREADS", default=4)
WORKER_TIMEOUT = env.int("REGISTRYUI_WORKER_TIMEOUT", default=30)
PAGE_SIZE = env.int("REGISTRYUI_PAGE_SIZE", default=50)
ACTIVITY_DAYS = env.int("REGISTRYUI_ACTIVITY_DAYS", default=90)
BUILDS_KEPT = env.int("REGISTRYUI_BUILDS_KEPT", default=500)
OLD_IMAGE_DAYS = env.int("REGISTRYUI_OLD_IMAGE_DAYS", default=365)
DOCUMENT_MEGABYTES = env.int("REGISTRYUI_DOCUMENT_MEGABYTES", default=40)
UNPULLED_DAYS = env.int("REGISTRYUI_UNPULLED_DAYS", default=30)
FILES_DIR = Path(env.str("REGISTRYUI_FILES_DIR", default=str(DATA_DIR / "layers")))
FILES_CACHE_BYTES = env.int("REGISTRYUI_FILES_CACHE_BYTES", default=2 * 1024**3)
FILES_LAYER_BYTES = env.int("REGISTRYUI_FILES_LAYER_BYTES", default=4 * 1024**3)
FILES_BLOB_BYTES = env.int("REGISTRYUI_FILES_BLOB_BYTES", default=512 * 1024**2)
FILES_UNPACKED_BYTES = env.int("REGISTRYUI_FILES_UNPACKED_BYTES", default=16 * 1024**3)
FILES_ENTRIES = env.int("REGISTRYUI_FILES_ENTRIES", default=500_000)
FILES_SECONDS = env.int("REGISTRYUI_FILES_SECONDS", default=900)
ANONYMOUS_READ = env.bool("REGISTRYUI_ANONYMOUS_READ", default=False)
ANONYMOUS_REGISTRIES = env.list("REGISTRYUI_ANONYMOUS_REGISTRIES", default=[])
AUDIT_DAYS = env.int("REGISTRYUI_AUDIT_DAYS", default=0)
CREDENTIAL_HELPERS = env.list("REGISTRYUI_CREDENTIAL_HELPERS", default=[])
DOCKER_HUB_SEARCH = env.str("REGISTRYUI_DOCKER_HUB_SEARCH", default="ask").strip().lower()
if DOCKER_HUB_SEARCH not in {"ask", "on", "off"}:
    raise ImproperlyConfigured("REGISTRYUI_DOCKER_HUB_SEARCH must be ask, on or off.")
DOCKER_HUB_URL = env.str("REGISTRYUI_DOCKER_HUB_URL", default="https://hub.docker.com")
try:
    declarations.check_web_address(DOCKER_HUB_URL)
except declarations.DeclarationError as error:
    raise ImproperlyConfigured(f"REGISTRYUI_DOCKER_HUB_URL: {error}") from error
METRICS_TOKEN = env.str("REGISTRYUI_METRICS_TOKEN", default="")
SESSION_HOURS = env.int("REGISTRYUI_SESSION_HOURS", default=12)
SESSION_IDLE_MINUTES = env.int("REGISTRYUI_SESSION_IDLE_MINUTES", default=60)

try:
    TRUSTED_PROXIES = declared.networks_in(env.list("REGISTRYUI_TRUSTED_PROXIES", default=[]))
except ValueError as error:
    raise ImproperlyConfigured(f"REGISTRYUI_TRUSTED_PROXIES: {error}") from error
AUDIT_SYSLOG = env.str("REGISTRYUI_AUDIT_SYSLOG", default="")
AUDIT_WEBHOOK_URL = env.str("REGISTRYUI_AUDIT_WEBHOOK_URL", default="")
AUDIT_WEBHOOK_SECRET = env.str("REGISTRYUI_AUDIT_WEBHOOK_SECRET", default="").strip()

PROXY_USER_HEADER = env.str("REGISTRYUI_PROXY_USER_HEADER", default="")
PROXY_GROUPS_HEADER = env.str("REGISTRYUI_PROXY_GROUPS_HEADER", default="")
if PROXY_USER_HEADER and not TRUSTED_PROXIES:
    raise ImproperlyConfigured(
        "REGISTRYUI_PROXY_USER_HEADER needs REGISTRYUI_TRUSTED_PROXIES: else anybody could send it."
    )
ADMINISTRATOR_GROUPS = env.list("REGISTRYUI_ADMINISTRATOR_GROUPS", default=[])
AUDITOR_GROUPS = env.list("REGISTRYUI_AUDITOR_GROUPS", default=[])
LDAP_HAS_GROUPS = False
try:
    OIDC_PROVIDERS = declared.providers_from(env)
    globals().update(directory := declared_ldap.ldap_from(env))  # the many that have no default
except declared.SignInDeclarationError as error:
    raise ImproperlyConfigured(str(error)) from error

try:
    REGISTRIES = declarations.from_environment(os.environ)
    if registries_file := env.str("REGISTRYUI_REGISTRIES_FILE", default=""):
        REGISTRIES += declarations.from_file(Path(registries_file))
except declarations.DeclarationError as error:
    raise ImproperlyConfigured(str(error)) from error
if len({declaration.slug for declaration in REGISTRIES}) < len(REGISTRIES):
    raise ImproperlyConfigured(
        "Two registries are called 'default': REGISTRYUI_REGISTRY_URL declares one, "
        "so the registries file must name its own differently."
    )

DATABASES = {
    "default": env.db_url(
        "REGISTRYUI_DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'registryui.sqlite3'}"
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer waits at BEGIN instead of failing half-way
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
            "PRAGMA mmap_size=268435456; PRAGMA cache_size=-32000;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# PostgreSQL is the queue, too, unless told otherwise; beside SQLite it is a file of its own.
_database_url = env.str("REGISTRYUI_DATABASE_URL", default="")
QUEUE_URL = env.str("REGISTRYUI_QUEUE_URL", default="") or (
    _database_url
    if _database_url.startswith(("postgres://", "postgresql://"))
    else f"sqlite:///{DATA_DIR / 'queue.sqlite3'}"
)

# Failed sign-ins are counted by all web processes together.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": QUEUE_URL}
    if QUEUE_URL.startswith(("redis://", "rediss://"))
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "registryui_cache",
    }
}

# --- What is fixed --------------------------------------------------------------------------

ROOT_URLCONF = "registryui.urls"
WSGI_APPLICATION = "registryui.wsgi.application"
FORCE_SCRIPT_NAME = None if BASE_PATH == "/" else BASE_PATH
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "locale"]

INSTALLED_APPS = [
    "registryui.accounts",
    "registryui.jobs",
    "registryui.audit",
    "registryui.catalog",
    "registryui.sync",
    "registryui.builds",
    "registryui.activity",
    "registryui.deletion",
    "registryui.inventory",
    "registryui.lineage",
    "registryui.storage",
    "registryui.contents",
    "registryui.supplychain",
    "registryui.comparison",
    "registryui.connect",
    "registryui.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "lucide",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "registryui.web.measuring.MeasuringMiddleware",
    "csp.middleware.CSPMiddleware",
    "registryui.web.middleware.RequestIdMiddleware",
    "registryui.web.language.LanguageMiddleware",  # around all that may answer with an error page
    "registryui.web.middleware.KnownHostMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "registryui.accounts.signing.tokens.TokenMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "registryui.accounts.signing.sessions.SessionLimitsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "registryui.accounts.signing.proxy.ProxyMiddleware",
    "registryui.accounts.middleware.AccessMiddleware",
    "registryui.accounts.middleware.OwnLanguageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "registryui.audit.middleware.RefusalMiddleware",
    "registryui.catalog.short_names.ShortNameMiddleware",
    "registryui.accounts.middleware.SignInMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "template_partials.templatetags.partials",
                "lucide.templatetags.lucide",
                "registryui.web.templatetags.show",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "registryui.web.context.site",
                "registryui.audit.access.audit_link",
                "registryui.deletion.doors.operations_link",
                "registryui.deletion.rules.context.rules_link",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
        },
    }
]

STATIC_URL = f"{BASE_PATH.rstrip('/')}/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("REGISTRYUI_STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(.+/)?(healthz|readyz|metrics)$"]  # asked for from inside
CSRF_FAILURE_VIEW = "registryui.web.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
# HSTS for subdomains and preloading are the domain's decision, not one page's on it.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = BASE_PATH
if HTTPS and BASE_PATH == "/":
    # A browser takes such a cookie from this host alone, and only by HTTPS.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "registry-list"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
if directory:
    AUTHENTICATION_BACKENDS.append(declared_ldap.BACKEND)  # local accounts first: it may be down
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "registryui.accounts.signing.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True  # as long as SESSION_HOURS and SESSION_IDLE_MINUTES say
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
SOCIALACCOUNT_ADAPTER = "registryui.accounts.signing.services.ServiceAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": declared.as_apps(OIDC_PROVIDERS)}}
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
MFA_ADAPTER = "registryui.accounts.signing.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # clocks of phones differ by half a minute
MFA_RECOVERY_CODES_SHOW_ONCE = True


LOGGING = logging_for(env.str("REGISTRYUI_LOG_FORMAT", default="line"))
