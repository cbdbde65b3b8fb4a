# E-mail: la cornice attorno a un avviso.
mail-subject = { $what } – { $organisation }
mail-greeting = Buongiorno { $name }
mail-account = Il suo account: { $login }
mail-was-you = Se è stato lei, non c’è nulla da fare.
mail-not-you = Se non è stato lei, apra la sua cronologia, acceda, e scelga «Non sono stato io»:
mail-safe = Il link apre soltanto una pagina. Non fa accedere nessuno e non cambia nulla. Non le chiediamo mai un pass o un codice per e-mail o al telefono.
mail-reference = Riferimento: { $reference }
mail-footer = Inviato dal servizio di accesso di { $organisation }. A questa e-mail non si può rispondere.
mail-test = Questa è una prova
mail-test-text = Le e-mail di questo servizio arrivano. Sul suo account non è successo nulla.
