"""What the Python applications show: the same as frame.mjs."""
import base64
import hashlib
import json


def part(token: str, which: int) -> dict:
    """One of the two JSON parts of a JWT that the library has checked."""
    text = token.split(".")[which]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def digest(text):
    """A short name for a secret."""
    return text and hashlib.sha256(text.encode()).hexdigest()[:16]


def page(body: str) -> str:
    return f'<!doctype html><html lang="en"><title>Application</title><h1>Application</h1>{body}</html>'


def home(id_token=None, userinfo=None, access=None, refresh=None) -> str:
    if id_token is None:
        return page('<p id="out">Signed out</p>')
    state = {
        "header": part(id_token, 0), "claims": part(id_token, 1), "userinfo": userinfo,
        "access": digest(access), "refresh": digest(refresh),
    }
    shown = json.dumps(state).replace("<", "\\u003c")
    return page(f'<script type="application/json" id="state">{shown}</script>')


def serve(application, variables):
    """Serves a WSGI application over TLS."""
    from urllib.parse import urlsplit

    from werkzeug.serving import make_server

    files = (variables["CERTIFICATE"], variables["KEY"])
    server = make_server("127.0.0.1", urlsplit(variables["ORIGIN"]).port, application, threaded=True, ssl_context=files)
    print("ready", flush=True)
    server.serve_forever()
