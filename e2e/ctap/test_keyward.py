"""At a running Keyward: somebody new with a pass registers the virtual key, and signs in with it."""

import http.cookiejar
import json
import urllib.error
import urllib.parse
import urllib.request

from key import *


class Server:
    """The real program on a fresh database."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="keyward-"))
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        self.said = open(self.folder / "said", "w+b")
        self.process = subprocess.Popen(
            [os.environ["SERVER_BIN"], "serve", "--json", "--listen", "127.0.0.1:0", *self.place()],
            cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=self.said)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError((self.folder / "said").read_text())
        self.origin = json.loads(line)["origin"]

    def place(self):
        return ["--database", str(self.folder / "keyward.db")]

    def command(self, *words):
        done = subprocess.run(
            [os.environ["SERVER_BIN"], *words, "--json", *self.place()],
            cwd=self.folder, env=self.environment, check=True, capture_output=True)
        return json.loads(done.stdout)

    def close(self):
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()
        self.said.close()
        shutil.rmtree(self.folder)


class Browser:
    """Cookies and requests as a page sends them."""

    def __init__(self, origin):
        self.origin = origin
        # The program marks its cookies Secure; localhost counts as secure, but not to this module.
        policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
        jar = http.cookiejar.CookieJar(policy)
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def send(self, path, body=None, kind="application/json"):
        request = urllib.request.Request(self.origin + path, body, {
            "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36",
            "Sec-Fetch-Site": "same-origin", "Origin": self.origin, "Content-Type": kind,
        })
        try:
            with self.opener.open(request) as answer:
                return answer.geturl(), answer.read().decode()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.code} {error.read().decode()}") from None

    def form(self, path, **fields):
        return self.send(path, urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def json(self, path, **fields):
        answer = json.loads(self.send(path, json.dumps(fields).encode())[1])
        assert answer.get("ok", True), answer
        return answer


class Keyward(KeyTest):
    def setUp(self):
        super().setUp()
        self.server = Server()
        self.addCleanup(self.server.close)

    def register(self, pin=None):
        self.server.command("user", "add", "kim@example.org", "--name", "Kim")
        issued = self.server.command("pass", "issue", "kim@example.org", "--once")
        browser = Browser(self.server.origin)
        browser.form("/signin/tap", identifier="kim@example.org", **{"pass": issued["pass"]})
        begun = browser.json("/me/security/add/begin", place="security-key")
        made = self.client(pin, self.server.origin).make_credential(options(begun, "creation"))
        finished = browser.json("/me/security/add/finish", state=begun["state"], response=plain(made))
        self.assertIn("/me/security/add/", finished["next"])

    def sign_in(self, pin=None):
        browser = Browser(self.server.origin)
        begun = browser.json("/signin/begin")
        got = self.client(pin, self.server.origin).get_assertion(options(begun, "request")).get_response(0)
        browser.json("/signin/finish", state=begun["state"], response=plain(got))
        where, page = browser.send("/me/security")
        self.assertTrue(where.endswith("/me/security"), where)
        self.assertIn("Kim", page)

    def test_registered_and_signed_in(self):
        self.register()
        self.sign_in()
        self.key.power_cycle()
        self.sign_in()

    def test_with_a_pin(self):
        self.pin().set_pin("1234")
        self.register("1234")
        self.sign_in("1234")


def options(begun, kind):
    from fido2.webauthn import PublicKeyCredentialCreationOptions, PublicKeyCredentialRequestOptions
    reader = PublicKeyCredentialCreationOptions if kind == "creation" else PublicKeyCredentialRequestOptions
    return reader.from_dict(begun["options"])


def plain(response):
    """RegistrationResponseJSON or AuthenticationResponseJSON."""
    return dict(response)
