# E-mails : le cadre autour d’un message.
mail-subject = { $what } – { $organisation }
mail-greeting = Bonjour { $name }
mail-account = Votre compte : { $login }
mail-was-you = Si c’était vous, il n’y a rien à faire.
mail-not-you = Si ce n’était pas vous, ouvrez votre historique, connectez-vous, et choisissez « Ce n’était pas moi » :
mail-safe = Le lien ne fait qu’ouvrir une page. Il ne connecte personne et ne change rien. Nous ne vous demandons jamais un pass ou un code par e-mail ni au téléphone.
mail-reference = Référence : { $reference }
mail-footer = Envoyé par le service de connexion de { $organisation }. Vous ne pouvez pas répondre à cet e-mail.
mail-test = Ceci est un test
mail-test-text = Les e-mails de ce service arrivent. Rien ne s’est passé sur votre compte.
