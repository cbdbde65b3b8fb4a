# Da SI-1 a SI-3, aiuto, uscita.
sign-in-heading = Accedi
sign-in-to = per continuare verso { $application }
sign-in = Accedi
identifier-label = E-mail o nome utente
identifier-empty = Inserisca la sua e-mail o il suo nome utente.
identifier-malformed = È troppo lungo per un’e-mail o un nome utente, o contiene caratteri che non si possono digitare. Controlli.
sign-in-with-passkey = Accedi con una passkey
have-pass = Ho un pass di accesso temporaneo
cannot-sign-in = Non riesce ad accedere?
continue-as = Continua come { $name }
continue-as-label = Continua come
welcome-back = Bentornato
another-account = oppure usi un altro account
forget-account = Dimentica { $name } su questo dispositivo
another-way = Prova un altro modo
other-ways-show = Mostra gli altri modi
session-end-timed-out = La sessione è terminata perché per un po’ non è successo nulla.
session-end-over = La sessione è terminata: è durata troppo, o è stata chiusa da un altro dispositivo o dalla sua organizzazione.
session-end-pass-ended = La sessione è terminata perché il suo pass di accesso temporaneo è scaduto. Ciò che ha completato resta. Ne chieda uno nuovo al suo referente informatico.
session-end-account-disabled = La sessione è terminata perché questo account è stato disattivato. Si rivolga al suo referente informatico.

method-heading = Scelga come accedere
method-passkey-hint = Con impronta, volto, blocco schermo o una chiave di sicurezza.
method-pass-hint = Dal suo referente informatico, per la prima volta o dopo una perdita.

tap-heading = Inserisca il suo pass di accesso temporaneo
tap-label = Pass di accesso temporaneo
tap-hint = Questo pass le è stato dato dal suo referente informatico. Maiuscole, spazi e trattini non contano.
tap-missing = Inserisca il suo pass di accesso temporaneo.
tap-slip = In quel pass c’è un errore di battitura. Controlli ogni carattere; non è stato contato come tentativo.
tap-wrong = Quel pass non è giusto. Controlli i caratteri, o ne chieda uno nuovo.
tap-wrong-left = { $count ->
    [one] Quel pass non è giusto. Controlli i caratteri, o ne chieda uno nuovo. Ancora 1 tentativo.
   *[other] Quel pass non è giusto. Controlli i caratteri, o ne chieda uno nuovo. Ancora { $count } tentativi.
}
tap-not-yet-valid = Questo pass vale da { $from }. Torni allora.
tap-expired = Questo pass è scaduto ({ $at }). Ne chieda uno nuovo al suo referente informatico.
tap-used = Questo pass valeva una volta ed è già stato usato ({ $at }). Non è stato lei? Lo comunichi al suo referente informatico. Altrimenti ne chieda uno nuovo.
tap-revoked = Questo pass è stato ritirato o sostituito da uno più recente. Usi quello più recente, o si rivolga al suo referente informatico.
tap-locked = Per sicurezza questo pass non vale più dopo troppi tentativi errati. Ne chieda uno nuovo al suo referente informatico.
tap-not-allowed = La sua organizzazione non accetta un pass di accesso temporaneo per questo account. Usi una passkey, o si rivolga al suo referente informatico.
tap-account-disabled = Questo account è disattivato. Si rivolga al suo referente informatico.
no-pass = Non ho un pass

help-heading = Non riesce ad accedere?
help-lead = Quasi tutto si risolve in un minuto. Questa pagina è uguale per tutti e non consulta nulla.
help-no-show = La mia passkey non compare
help-no-show-account = Su un nuovo telefono o computer, acceda allo stesso account Apple, Google o Microsoft di prima. Le sue passkey tornano con esso.
help-no-show-lock = Attivi un blocco schermo: PIN, impronta o volto. Le passkey ne hanno bisogno.
help-no-show-private = Lasci la finestra privata, e apra la pagina nel suo browser, non dentro un’altra app.
help-no-show-bluetooth = Se la sua passkey è sul telefono, scelga il telefono nella richiesta, attivi il Bluetooth su entrambi e scansioni il codice con la fotocamera del telefono.
help-lost = Il mio dispositivo è stato perso o rubato
help-lost-other = Usi un’altra passkey, o una chiave di sicurezza, se ne ha una.
help-lost-computer = Usi un computer su cui ha salvato una passkey. Poi rimuova quella persa nelle info di sicurezza.
help-lost-pass = Altrimenti chieda un pass di accesso temporaneo al suo referente informatico. Dica che il dispositivo è perso, così la sua passkey può essere disattivata.
help-first = Sono qui per la prima volta
help-first-text = Il suo referente informatico le dà un pass di accesso temporaneo. Lo inserisca una volta e crei la sua passkey. Non le serve una password.
help-contact = Parlare con una persona
help-contact-unset = Si rivolga al referente informatico della sua organizzazione.
help-contact-warning = Nessuno dell’informatica le chiederà mai un pass o un codice al telefono.
signed-out-heading = È uscito
signed-out-text = Ha lasciato questo servizio su questo dispositivo. Le applicazioni che ha aperto sono forse ancora aperte.
signed-out-shared = Su un computer condiviso chiuda anche il browser.
sign-in-again = Accedi di nuovo
