# OC-5: Abmelden, weil eine Anwendung darum gebeten hat, und was damit noch endete.
logout-heading = Abmelden?
logout-asked = Eine Anwendung bittet Sie, sich hier abzumelden.
logout-asked-by = { $application } bittet Sie, sich hier abzumelden.
logout-effect = Sie werden auch bei den Anwendungen abgemeldet, die Sie von hier aus geöffnet haben.
logout-stay = Angemeldet bleiben

signed-out-apps = Sie wurden auch bei diesen Anwendungen abgemeldet:
signed-out-only = Sie haben diesen Dienst auf diesem Gerät verlassen.
signed-out-go-on = Weiter zu { $application }
