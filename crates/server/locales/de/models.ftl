# /admin/models, und was Leute erfahren, wenn ein Modell als unsicher gemeldet wurde.
models-source = FIDO-Metadaten
models-number = Nummer
models-taken = Übernommen
models-next = Die nächsten kommen bis
models-known = Bekannte Modelle
models-late = Inzwischen sollten neuere da sein. Bis sie kommen, gilt, was zuletzt übernommen wurde.
models-nothing = Es wurden noch keine Metadaten übernommen. Ohne sie ist kein Modell bekannt, und Attestierungen führen nur zu den Wurzeln unten.
models-error = Die letzte Suche brachte nichts: { $cause }. Es gilt, was vorher übernommen wurde.
models-no-source = Es wird nicht danach gesucht: Setzen Sie metadata.source in der Konfiguration, oder laden Sie eine Datei mit «keyward metadata load».
models-look = Jetzt nach neueren Metadaten suchen
models-faults = { $count ->
    [one] Etwas konnte nicht gelesen werden
   *[other] { $count } Dinge konnten nicht gelesen werden
}
models-models = Modelle von Authentikatoren
models-search = Name oder AAGUID
models-find = Suchen
models-none = Kein Modell hat diesen Namen oder diese AAGUID.
models-found = { $count ->
    [one] Ein Modell; Passkeys gezählt nach dem, was ihre Authentikatoren zu sein angeben
   *[other] { $count } Modelle, verwendete zuerst; Passkeys gezählt nach dem, was ihre Authentikatoren zu sein angeben
}
models-name = Name
models-passkeys = Passkeys
models-certification = Zertifiziert
models-certification-none = Nein
models-properties = Eigenschaften
models-hardware = Schlüssel in Hardware
models-biometric = Prüft Finger oder Gesicht
models-status = Status
models-fine = Nichts gemeldet
models-unknown = Nicht bekannt
models-broken-revoked = Widerrufen
models-broken-attestation = Attestierungsschlüssel in fremden Händen
models-broken-verification = Prüfung der Person lässt sich umgehen
models-broken-remote = Schlüssel lassen sich aus der Ferne entwenden
models-broken-physical = Schlüssel lassen sich dem Gerät entnehmen
models-before = Modelle davor
models-after = Weitere Modelle
models-roots = Eigene Wurzeln
models-roots-lead = Eine Wurzel sagt, welche Authentikatoren echt sind, wo die FIDO-Metadaten es nicht sagen: bei Software-Authentikatoren, bei Schlüsseln, die für Ihre Organisation gemacht sind, und bei neuen Herstellern.
models-roots-none = Es wird keiner eigenen Wurzel vertraut.
models-root-models = Für Modelle
models-root-any = Jedes Modell
models-root-ends = Zertifikat endet
models-root-remove = Entfernen
models-root-remove-named = { $name } entfernen
models-root-add = Wurzel hinzufügen
models-root-new = Wurzel hinzufügen
models-root-review = Dieser Wurzel vertrauen?
models-root-subject = Inhaber
models-root-digest = SHA-256 des Zertifikats
models-root-certificate = Zertifikat
models-root-certificate-hint = PEM-Text, von BEGIN CERTIFICATE bis END CERTIFICATE.
models-root-models-hint = AAGUIDs, eine je Zeile. Lassen Sie das Feld leer, wenn die Wurzel für jedes Modell bürgen darf.
models-root-single = Sie zertifiziert einzelne Authentikatoren, nicht Serien
models-root-hardware = Diese Modelle halten Schlüssel in Hardware
models-root-biometric = Diese Modelle prüfen Finger oder Gesicht
models-root-check = Prüfen
models-root-any-warning = Wer den Schlüssel dieser Wurzel hat, kann jeden Authentikator als jedes Modell ausgeben.
models-root-confirm-hint = Sie bestätigen das mit Ihrem Passkey.
models-root-trust = Dieser Wurzel vertrauen
models-root-wrong-name = Die Wurzel wurde nicht hinzugefügt: Ihr Name braucht 1 bis 80 Zeichen.
models-root-wrong-certificate = Die Wurzel wurde nicht hinzugefügt: Das ist kein Zertifikat in PEM.
models-root-wrong-validity = Die Wurzel wurde nicht hinzugefügt: Das Zertifikat ist heute nicht gültig.
models-root-wrong-models = Die Wurzel wurde nicht hinzugefügt: Schreiben Sie AAGUIDs wie ee882879-721c-4913-9775-3dfcce97072a, und mindestens eine, wenn Sie sagen, was die Modelle können.
models-root-known = Die Wurzel wurde nicht hinzugefügt: Ihr wird schon vertraut.
models-root-too-many = Die Wurzel wurde nicht hinzugefügt: Es gibt schon hundert. Entfernen Sie zuerst eine.
models-confirm-first = Es wurde nichts geändert: Bestätigen Sie es mit Ihrem Passkey.
models-back = Zurück zu den Modellen
flash-metadata-asked = Es wird nach neueren Metadaten gesucht. Laden Sie diese Seite gleich noch einmal.
flash-root-added = { $name } wird ab jetzt vertraut.
flash-root-removed = { $name } wird nicht mehr vertraut.
notice-kind-passkey-model-broken = Das Modell eines Passkeys wurde als unsicher gemeldet
notice-kind-passkey-model-broken-text = Der Hersteller oder die FIDO Alliance sagt, dass auf Authentikatoren dieses Modells kein Verlass ist. Vielleicht werden Sie nach einem anderen Passkey gefragt. Fügen Sie einen anderer Art hinzu, und entfernen Sie dann diesen.
history-passkey-model-broken = Modell als unsicher gemeldet: { $passkey }
