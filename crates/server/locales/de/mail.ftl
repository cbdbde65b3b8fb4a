# E-Mails: der Rahmen um eine Benachrichtigung.
mail-subject = { $what } – { $organisation }
mail-greeting = Guten Tag { $name }
mail-account = Ihr Konto: { $login }
mail-was-you = Wenn Sie das waren, gibt es nichts zu tun.
mail-not-you = Wenn Sie es nicht waren, öffnen Sie Ihren Verlauf, melden Sie sich an und wählen Sie „Das war ich nicht“:
mail-safe = Der Link öffnet nur eine Seite. Er meldet niemanden an und ändert nichts. Wir fragen Sie nie per E-Mail oder am Telefon nach einem Pass oder Code.
mail-reference = Referenz: { $reference }
mail-footer = Gesendet vom Anmeldedienst von { $organisation }. Auf diese E-Mail können Sie nicht antworten.
mail-test = Das ist ein Test
mail-test-text = E-Mails dieses Dienstes kommen an. An Ihrem Konto ist nichts geschehen.
