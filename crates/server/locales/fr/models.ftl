# /admin/models, et ce que les personnes apprennent quand un modèle est signalé comme peu sûr.
models-source = Métadonnées FIDO
models-number = Numéro
models-taken = Reprises
models-next = Les suivantes sont attendues d’ici au
models-known = Modèles connus
models-late = De plus récentes devraient être là. En attendant, les dernières reprises restent en vigueur.
models-nothing = Aucune métadonnée n’a encore été reprise. Sans elles, aucun modèle n’est connu et les attestations ne mènent qu’aux racines ci-dessous.
models-error = La dernière recherche n’a rien donné : { $cause }. Ce qui a été repris auparavant reste en vigueur.
models-no-source = Elles ne sont pas recherchées : définissez metadata.source dans la configuration, ou chargez un fichier avec « keyward metadata load ».
models-look = Rechercher maintenant des métadonnées plus récentes
models-faults = { $count ->
    [one] Un élément n’a pas pu être lu
   *[other] { $count } éléments n’ont pas pu être lus
}
models-models = Modèles d’authentificateurs
models-search = Nom ou AAGUID
models-find = Rechercher
models-none = Aucun modèle n’a ce nom ou cet AAGUID.
models-found = { $count ->
    [one] Un modèle ; passkeys comptées selon ce que leurs authentificateurs disent être
   *[other] { $count } modèles, d’abord ceux qui sont utilisés ; passkeys comptées selon ce que leurs authentificateurs disent être
}
models-name = Nom
models-passkeys = Passkeys
models-certification = Certifié
models-certification-none = Non
models-properties = Propriétés
models-hardware = Clés dans le matériel
models-biometric = Vérifie un doigt ou un visage
models-status = État
models-fine = Rien de signalé
models-unknown = Inconnu
models-broken-revoked = Révoqué
models-broken-attestation = Clé d’attestation compromise
models-broken-verification = La vérification de la personne peut être contournée
models-broken-remote = Les clés peuvent être prises à distance
models-broken-physical = Les clés peuvent être extraites de l’appareil
models-before = Modèles précédents
models-after = Autres modèles
models-roots = Racines propres
models-roots-lead = Une racine dit quels authentificateurs sont authentiques là où les métadonnées FIDO ne le disent pas : authentificateurs logiciels, clés faites pour votre organisation, nouveaux fabricants.
models-roots-none = Aucune racine propre n’est approuvée.
models-root-models = Pour les modèles
models-root-any = Tout modèle
models-root-ends = Fin du certificat
models-root-remove = Supprimer
models-root-remove-named = Supprimer { $name }
models-root-add = Ajouter une racine
models-root-new = Ajouter une racine
models-root-review = Approuver cette racine ?
models-root-subject = Titulaire
models-root-digest = SHA-256 du certificat
models-root-certificate = Certificat
models-root-certificate-hint = Texte PEM, de BEGIN CERTIFICATE à END CERTIFICATE.
models-root-models-hint = AAGUID, un par ligne. Laissez vide si la racine peut se porter garante de tout modèle.
models-root-single = Elle certifie des authentificateurs individuels et non des séries
models-root-hardware = Ces modèles gardent les clés dans le matériel
models-root-biometric = Ces modèles vérifient un doigt ou un visage
models-root-check = Vérifier
models-root-any-warning = Qui détient la clé de cette racine peut faire passer n’importe quel authentificateur pour n’importe quel modèle.
models-root-confirm-hint = Vous le confirmez avec votre passkey.
models-root-trust = Approuver cette racine
models-root-wrong-name = La racine n’a pas été ajoutée : son nom doit avoir de 1 à 80 caractères.
models-root-wrong-certificate = La racine n’a pas été ajoutée : ce n’est pas un certificat PEM.
models-root-wrong-validity = La racine n’a pas été ajoutée : le certificat n’est pas valable aujourd’hui.
models-root-wrong-models = La racine n’a pas été ajoutée : écrivez des AAGUID comme ee882879-721c-4913-9775-3dfcce97072a, et au moins un si vous dites ce que font les modèles.
models-root-known = La racine n’a pas été ajoutée : elle est déjà approuvée.
models-root-too-many = La racine n’a pas été ajoutée : il y en a déjà cent. Supprimez-en une d’abord.
models-confirm-first = Rien n’a été modifié : confirmez avec votre passkey.
models-back = Retour aux modèles
flash-metadata-asked = Des métadonnées plus récentes sont recherchées. Rechargez cette page dans un instant.
flash-root-added = { $name } est désormais approuvée.
flash-root-removed = { $name } n’est plus approuvée.
notice-kind-passkey-model-broken = Le modèle d’une passkey a été signalé comme peu sûr
notice-kind-passkey-model-broken-text = Le fabricant ou la FIDO Alliance dit qu’on ne peut pas se fier aux authentificateurs de ce modèle. Une autre passkey vous sera peut-être demandée. Ajoutez-en une d’un autre type, puis supprimez celle-ci.
history-passkey-model-broken = Modèle signalé comme peu sûr : { $passkey }
