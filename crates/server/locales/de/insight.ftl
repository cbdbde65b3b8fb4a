# The console's overview, log and reports.
console-reports = Bereitschaft
insight-funnel = Von der Einladung bis ohne Passwort
insight-step = Schritt
insight-step-invited = Eingeladen
insight-step-opened = Einmal hineingekommen
insight-step-enrolled = Haben einen Passkey
insight-step-second = Haben einen zweiten Passkey
insight-step-passwordless = Und haben kein Passwort
insight-count = Personen
insight-share = Anteil
insight-ready = { $ready ->
    [one] Eine von { $people } Personen könnte heute ein Gerät verlieren, ohne jemanden fragen zu müssen.
   *[other] { $ready } von { $people } Personen könnten heute ein Gerät verlieren, ohne jemanden fragen zu müssen.
}
insight-score = Bereitschaft: { $score } von 100.
insight-people = { $people ->
    [one] Ein Konto, { $disabled } deaktiviert.
   *[other] { $people } Konten, { $disabled } deaktiviert.
}
insight-counted = Gezählt: { $at }.
insight-not-counted = Die Personen wurden noch nicht gezählt. Das geschieht im Hintergrund; schauen Sie in einer Minute wieder.
insight-survival = Wenn das Gerät heute verloren ginge
insight-survival-no-way-in = Heute kein Zugang
insight-survival-nothing = Nichts bleibt: Die IT muss helfen
insight-survival-weaker-way = Etwas Schwächeres bleibt
insight-survival-restorable = Der Passkey kommt auf ein neues Gerät zurück
insight-survival-untried = Ein weiterer Passkey, nie ausprobiert
insight-survival-another = Ein weiterer Passkey
insight-methods = Was registriert ist
insight-models = Modelle der Passkeys
insight-model-none = Kein Modell angegeben
insight-passkey-count = Passkeys
insight-trend = Tag für Tag
insight-sign-ins = Anmeldungen
insight-sign-ins-days = { $count ->
    [one] Anmeldungen des letzten Tages
   *[other] Anmeldungen der letzten { $count } Tage
}
insight-sign-ins-span = Anmeldungen von { $from } bis { $until }
insight-used = Wie man sich angemeldet hat
insight-reasons = Warum jemand nicht eingelassen wurde
insight-reason = Grund
insight-chart-sum = { $success } eingelassen, { $failure } nicht.
insight-chart-quiet = In dieser Zeit hat sich niemand angemeldet.
insight-chart-table = Die Zahlen als Tabelle
insight-waiting = { $count ->
    [one] Eine Anfrage nach einem Pass wartet.
   *[other] { $count } Anfragen nach einem Pass warten.
}
insight-refusals = Neueste Abweisungen
insight-refusals-none = In letzter Zeit wurde niemand abgewiesen.
insight-refusals-all = Alle Abweisungen

# The log.
insight-log = Anmeldeprotokoll
insight-filters = Filter
insight-show = Anzeigen
insight-changes = Änderungen
insight-all = Alles
insight-any = Beliebig
insight-when = Wann
insight-user = Person
insight-by = Ausgeführt von
insight-result = Ergebnis
insight-method = Methode
insight-strength = Wie stark
insight-key = Passkey
insight-device = Gerät
insight-address = Adresse
insight-reference = Referenz
insight-from = Von
insight-until = Bis
insight-kind = Art des Ereignisses
insight-passkey-id = Id des Passkeys
insight-model = Modell (AAGUID)
insight-apply = Filtern
insight-clear = Filter löschen
insight-csv = Als CSV herunterladen
insight-live-start = Live verfolgen
insight-live-pause = Anhalten
insight-live-on = Neue Einträge erscheinen oben.
insight-live-off = Angehalten. Auf dieser Seite ändert sich nichts.
insight-live-ended = Die Live-Ansicht ist beendet. Laden Sie die Seite neu, um weiterzumachen.
insight-log-wrong = Der Filter «{ $field }» wurde nicht verstanden und weggelassen. Korrigieren Sie ihn und filtern Sie erneut.
insight-log-none = Nichts im Protokoll passt dazu.
insight-log-none-until = Bis dahin passt nichts: { $at }. Suchen Sie weiter zurück, oder grenzen Sie die Filter ein.
insight-log-reached = Durchsucht bis { $at }.
insight-older = Ältere Einträge
insight-newest = Neueste Einträge
insight-shortened = Ihre Rolle zeigt Ihnen die Adressen von Personen verkürzt.
insight-retention = Geräte und Adressen von Anmeldungen vor dem { $at } sind gelöscht.
insight-outcome-success = Eingelassen
insight-outcome-interrupted = Nur der erste Schritt
insight-outcome-failure = Abgewiesen
insight-outcome-change = Änderung
insight-method-passkey = Passkey
insight-method-pass = Temporärer Zugangspass
insight-method-password = Passwort
insight-method-code = Authenticator-Code
insight-method-recovery = Wiederherstellungscode

# An entry of the log.
insight-entry = Eintrag { $reference }
insight-note = Notiz
insight-erased = Gerät, Adresse und Notiz wurden gelöscht, weil sie lange genug aufbewahrt waren. Der Eintrag selbst bleibt.
insight-redacted = Ihre Rolle zeigt Ihnen nicht alles, was über diese Person bekannt ist.
insight-why = Warum wurde das verlangt?
insight-needed = Die Richtlinie verlangt dies bei «{ $place }»: { $strength }.
insight-needed-anything = irgendeine Art der Anmeldung
insight-place-portal = Sicherheitsinformationen
insight-place-console = Konsole
insight-place-security-info = Anmeldemethoden ändern
insight-place-applications = Anwendungen
insight-steps = Schritt für Schritt
insight-explain = Die abgewiesene Zeremonie wird eine Woche aufbewahrt. Auf dem Server erklärt sie:
insight-act = Was zu tun ist
insight-act-log = Alle Einträge dieser Person
insight-act-readiness = Könnte diese Person heute ein Gerät verlieren?
insight-act-person = Das Konto der Person
insight-related = Was sonst noch geschah
insight-raw = Ids und Codes
insight-back = Zurück zum Protokoll
insight-error-wrong = Es war falsch
insight-error-wrong-text = Was eingegeben oder vorgelegt wurde, passte nicht. War es die Person, kann sie es nochmals versuchen; folgen viele aufeinander, rät jemand anderes.
insight-error-late = Es kam zu spät
insight-error-late-text = Die Seite war zu lange offen, oder der Code oder Pass war benutzt oder abgelaufen. Die Anmeldung neu zu beginnen genügt; für einen abgelaufenen Pass braucht es einen neuen.
insight-error-policy = Die Richtlinie lässt es nicht zu
insight-error-policy-text = Es war echt, und die geltende Richtlinie lässt es hier nicht zu. Die Person braucht eine andere Methode, oder die Richtlinie eine Ausnahme.
insight-error-off = Es ist ausgeschaltet
insight-error-off-text = Das Konto oder die Methode ist deaktiviert. Finden Sie den Grund heraus, bevor Sie sie aktivieren: Sie kann als verloren gemeldet sein.
insight-error-throttled = Zu viele Versuche
insight-error-throttled-text = Jemand hat es so oft versucht, dass dieses Konto warten muss. Ein Passkey funktioniert unterdessen weiter.
insight-error-unknown = Hier nicht bekannt
insight-error-unknown-text = Der Passkey oder das Konto gehört nicht zu dieser Installation oder wurde entfernt. Vielleicht hat die Person ihn noch auf einem Gerät; dort kann sie ihn löschen.
insight-error-suspicious = Es sieht nach einem Angriff aus
insight-error-suspicious-text = Der Schlüssel kann kopiert worden sein, oder der Browser war auf einer fremden Seite. Sprechen Sie mit der Person, bevor etwas wieder aktiviert wird.
insight-error-technical = Browser oder Authenticator hat etwas falsch gemacht
insight-error-technical-text = Die Zeremonie war nicht so, wie WebAuthn es verlangt. Meist hilft eine Aktualisierung des Browsers oder ein anderer Authenticator.

# Reports.
insight-report = Wer ist bereit, ein Gerät zu verlieren?
insight-report-lead = Registriert ist, was jemand hat; fähig ist, was davon die Richtlinie zulässt.
insight-report-none = Hier ist niemand.
insight-lose = Wenn das Gerät verloren ginge
insight-points = Punkte
insight-mfa-registered = Zwei Faktoren registriert
insight-mfa-capable = Zwei Faktoren fähig
insight-passwordless-capable = Passwortlos fähig
insight-admin = Hat eine Rolle
insight-updated = Zuletzt geändert
insight-yes = Ja
insight-no = Nein
insight-more = Weitere Personen
insight-first = Von Anfang an
insight-person = Könnte { $name } heute ein Gerät verlieren?
insight-person-score = { $score } von 100 Punkten.
insight-advice = Was es besser machen würde
insight-advice-add = Einen Passkey hinzufügen.
insight-advice-second = Einen zweiten Passkey auf einem anderen Gerät hinzufügen.
insight-advice-try = Den nie benutzten Passkey ausprobieren.
insight-advice-replace = Den Passkey ersetzen, den die Richtlinie nicht zulässt.
insight-advice-password = Das Passwort aufgeben: Zwei Passkeys sind da.
insight-advice-recovery = Neue Wiederherstellungscodes erstellen: Wenige sind übrig.
insight-passkeys = Passkeys
insight-passkeys-none = Kein Passkey ist registriert.
insight-passkey-refused = Von der Richtlinie nicht zugelassen
