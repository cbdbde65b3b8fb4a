# OC-5: uscire perché un’applicazione lo ha chiesto, e che cos’altro è finito così.
logout-heading = Uscire?
logout-asked = Un’applicazione le chiede di uscire da qui.
logout-asked-by = { $application } le chiede di uscire da qui.
logout-effect = Uscirà anche dalle applicazioni che ha aperto da qui.
logout-stay = Resta connesso

signed-out-apps = È uscito anche da queste applicazioni:
signed-out-only = Ha lasciato questo servizio su questo dispositivo.
signed-out-go-on = Vai a { $application }
