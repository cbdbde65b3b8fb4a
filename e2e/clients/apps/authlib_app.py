"""Authlib in Flask, as its documentation writes it: discovery, PKCE, ID token, userinfo, refresh, sign-out."""
import os
import secrets

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session

import pages

ORIGIN = os.environ["ORIGIN"]
app = Flask(__name__)
app.config.update(SECRET_KEY=secrets.token_hex(), SESSION_COOKIE_NAME="authlib", SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
oauth = OAuth(app)
oauth.register(
    "keyward",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=os.environ["ISSUER"] + "/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile email offline_access", "code_challenge_method": "S256"},
)
tokens = {}


def kept():
    return tokens.get(session.get("id"))


@app.get("/")
def home():
    token = kept()
    if token is None:
        return pages.home()
    userinfo = oauth.keyward.userinfo(token=token)
    return pages.home(token["id_token"], dict(userinfo), token["access_token"], token["refresh_token"])


@app.get("/login")
def login():
    return oauth.keyward.authorize_redirect(ORIGIN + "/callback")


@app.get("/callback")
def callback():
    token = oauth.keyward.authorize_access_token()
    session["id"] = secrets.token_hex()
    tokens[session["id"]] = token
    return redirect("/")


@app.get("/refresh")
def refresh():
    old = kept()
    try:
        new = oauth.keyward.fetch_access_token(grant_type="refresh_token", refresh_token=old["refresh_token"])
    except OAuthError as error:
        tokens.pop(session["id"])
        return pages.page(f'<p id="error">{error.error}</p>')
    tokens[session["id"]] = {**old, **new}
    return redirect("/")


@app.get("/logout")
def logout():
    token = tokens.pop(session["id"])
    return oauth.keyward.logout_redirect(post_logout_redirect_uri=ORIGIN + "/out", id_token_hint=token["id_token"])


@app.get("/out")
def out():
    oauth.keyward.validate_logout_response()
    return redirect("/")


pages.serve(app, os.environ)
