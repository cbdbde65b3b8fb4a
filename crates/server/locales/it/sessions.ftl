# DS-1.
sessions-heading = Dispositivi e sessioni
sessions-lead = Dove ha eseguito l’accesso. Termini ciò che non conosce.
session-current = Questa sessione
session-by-passkey = Accesso con { $name }
session-by-removed-passkey = Accesso con una passkey nel frattempo rimossa
session-by-pass = Accesso con un pass di accesso temporaneo
session-times = Da { $since }, vista l’ultima volta { $seen }
session-address = Da { $address }
end-session = Termina la sessione
end-other-sessions = Esci ovunque tranne qui
sessions-only-this = Non ha eseguito l’accesso altrove.
session-by-password = Accesso con una password
session-by-password-code = Accesso con una password e un codice
session-by-recovery-code = Accesso con un codice di recupero
session-device-times = Visto la prima volta { $first }, l’ultima { $seen }
session-device-count = { $count ->
    [one] Una sessione
   *[other] { $count } sessioni
}
sign-in-with-former-passkey = Usa una passkey di { $former }
