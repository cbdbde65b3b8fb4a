# SI-2 (le voci più recenti), SI-4, SI-4b, SI-5, e un codice di recupero da solo.
have-password = Usa la mia password
method-password-hint = Con un codice dell’app di autenticazione come secondo passo.
have-recovery-code = Usa un codice di recupero
method-recovery-hint = Uno dei dieci che ha stampato o salvato quando ha configurato l’accesso.

password-heading = Inserisca la sua password
password-label = Password
password-forgot = Ha dimenticato la password?
password-missing = Inserisca la sua password.
password-wrong = Quel nome utente e quella password non vanno insieme. L’accesso non è stato eseguito. Controlli entrambi, o provi un altro modo.
password-wrong-left = { $count ->
    [one] Quel nome utente e quella password non vanno insieme. L’accesso non è stato eseguito. Controlli entrambi, o provi un altro modo. Ancora 1 tentativo.
   *[other] Quel nome utente e quella password non vanno insieme. L’accesso non è stato eseguito. Controlli entrambi, o provi un altro modo. Ancora { $count } tentativi.
}
password-off = La password di questo account è disattivata. L’accesso non è stato eseguito. Usi la sua passkey.
password-use-passkey = Questo account ha una passkey, e accede con quella. L’accesso non è stato eseguito. Usi la sua passkey.
password-nothing-second = La sola password non fa accedere, e questo account non ha ancora un secondo passo. Chieda un pass di accesso temporaneo al suo referente informatico.
show-password = Mostra la password
caps-lock = Il blocco maiuscole è attivo.

new-password-heading = Scelga una nuova password
new-password-lead = La password era giusta, ma va cambiata prima di continuare. L’accesso non è ancora stato eseguito.
new-password-label = Nuova password
new-password-rules = { $shortest ->
   *[other] Almeno { $shortest } caratteri. La cosa migliore sono alcune parole che solo lei metterebbe insieme; non servono caratteri speciali.
}
new-password-save = Salva la nuova password
new-password-too-short = { $shortest ->
   *[other] Quella password è troppo corta, e non è stato modificato nulla. Usi almeno { $shortest } caratteri.
}
new-password-too-long = Quella password è troppo lunga, e non è stato modificato nulla. Ne usi una più corta.
new-password-breached = Quella password sta in un elenco di password rubate, e altri la proverebbero per prima. Non è stato modificato nulla. Ne scelga un’altra.
new-password-same = È la password che ha. Non è stato modificato nulla. Ne scelga un’altra.
new-password-contains-login = Quella password contiene il suo nome utente, e altri la proverebbero per prima. Non è stato modificato nulla. Ne scelga un’altra.
old-password-wrong = La sua password attuale non è giusta. Non è stato modificato nulla. La digiti di nuovo.

step-heading = Inserisca il suo codice
code-label = Codice della sua app di autenticazione
code-hint = Apra l’app sul telefono e digiti le sei cifre che mostra per questo account.
code-missing = Inserisca le sei cifre.
code-slip = Non è un codice: ha sei cifre. Non è stato contato come tentativo.
code-wrong = Quel codice non è giusto. L’accesso non è stato eseguito. Controlli che l’ora del telefono sia esatta, e digiti il codice che l’app mostra ora.
code-wrong-left = { $count ->
    [one] Quel codice non è giusto. L’accesso non è stato eseguito. Controlli che l’ora del telefono sia esatta, e digiti il codice che l’app mostra ora. Ancora 1 tentativo.
   *[other] Quel codice non è giusto. L’accesso non è stato eseguito. Controlli che l’ora del telefono sia esatta, e digiti il codice che l’app mostra ora. Ancora { $count } tentativi.
}
code-used = Quel codice è già stato usato. L’accesso non è stato eseguito. Aspetti che l’app mostri il prossimo.
step-use-recovery = Usa invece un codice di recupero
step-use-code = Usa invece l’app di autenticazione

recovery-heading = Inserisca un codice di recupero
recovery-label = Codice di recupero
recovery-lead = Le permette di mettere al sicuro il suo account e di creare una nuova passkey. Ogni codice vale una volta.
recovery-hint = Maiuscole, spazi e trattini non contano.
recovery-missing = Inserisca un codice di recupero.
recovery-slip = In quel codice di recupero c’è un errore di battitura. Controlli ogni carattere; non è stato contato come tentativo.
recovery-wrong = Quel nome utente e quel codice di recupero non vanno insieme. L’accesso non è stato eseguito. Controlli entrambi, o provi un altro modo.
recovery-wrong-left = { $count ->
    [one] Quel nome utente e quel codice di recupero non vanno insieme. L’accesso non è stato eseguito. Controlli entrambi, o provi un altro modo. Ancora 1 tentativo.
   *[other] Quel nome utente e quel codice di recupero non vanno insieme. L’accesso non è stato eseguito. Controlli entrambi, o provi un altro modo. Ancora { $count } tentativi.
}
recovery-used = Quel codice di recupero è già stato usato. L’accesso non è stato eseguito. Usi il prossimo.
