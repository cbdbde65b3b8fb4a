"""mozilla-django-oidc in Django: settings as its documentation names them, its own views and middleware."""
import os
import secrets
from urllib.parse import urlencode, urlsplit

import django
from django.conf import settings

import pages

ISSUER, ORIGIN = os.environ["ISSUER"], os.environ["ORIGIN"]
settings.configure(
    SECRET_KEY=secrets.token_hex(),
    ALLOWED_HOSTS=[urlsplit(ORIGIN).hostname],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(os.getcwd(), "django.db")}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "mozilla_django_oidc"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "mozilla_django_oidc.middleware.SessionRefresh",
    ],
    AUTHENTICATION_BACKENDS=[__name__ + ".Backend"],
    SESSION_COOKIE_SECURE=True,
    OIDC_RP_CLIENT_ID=os.environ["CLIENT_ID"],
    OIDC_RP_CLIENT_SECRET=os.environ["CLIENT_SECRET"],
    OIDC_RP_SIGN_ALGO="ES256",
    OIDC_RP_SCOPES="openid profile email",
    OIDC_USE_PKCE=True,
    OIDC_OP_AUTHORIZATION_ENDPOINT=ISSUER + "/authorize",
    OIDC_OP_TOKEN_ENDPOINT=ISSUER + "/oauth/token",
    OIDC_OP_USER_ENDPOINT=ISSUER + "/oauth/userinfo",
    OIDC_OP_JWKS_ENDPOINT=ISSUER + "/oauth/jwks",
    OIDC_STORE_ID_TOKEN=True,
    OIDC_STORE_ACCESS_TOKEN=True,
    OIDC_OP_LOGOUT_URL_METHOD=__name__ + ".end_address",
    ALLOW_LOGOUT_GET_METHOD=True,
    OIDC_EXEMPT_URLS=["/", "/expire"],
    LOGIN_REDIRECT_URL="/",
    LOGOUT_REDIRECT_URL=ORIGIN + "/",
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse, HttpResponseRedirect  # noqa: E402
from django.urls import include, path  # noqa: E402
from mozilla_django_oidc.auth import OIDCAuthenticationBackend  # noqa: E402


class Backend(OIDCAuthenticationBackend):
    """Keeps the claims of each sign-in, as the documentation has it for what is beyond the e-mail address."""

    def verify_claims(self, claims):
        return "email" in claims

    def create_user(self, claims):
        return self.update_user(super().create_user(claims), claims)

    def update_user(self, user, claims):
        self.request.session["claims"] = claims
        return user


def end_address(request):
    """OIDC_OP_LOGOUT_URL_METHOD: where the browser goes to sign out of everything."""
    words = {"id_token_hint": request.session["oidc_id_token"], "post_logout_redirect_uri": ORIGIN + "/"}
    return ISSUER + "/oauth/end-session?" + urlencode(words)


def home(request):
    if not request.user.is_authenticated:
        return HttpResponse(pages.home())
    kept = request.session
    return HttpResponse(pages.home(kept["oidc_id_token"], kept["claims"], kept["oidc_access_token"]))


def expire(request):
    """The time has come at which SessionRefresh asks the provider again."""
    request.session["oidc_id_token_expiration"] = 0
    return HttpResponseRedirect("/refresh")


urlpatterns = [
    path("", home),
    path("expire", expire),
    path("refresh", lambda request: HttpResponseRedirect("/")),
    path("oidc/", include("mozilla_django_oidc.urls")),
]

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    pages.serve(get_wsgi_application(), os.environ)
