# Ce qui est dit pendant l’utilisation d’une passkey, et quand cela se termine autrement qu’espéré.
passkey-prompt = Suivez l’invite de votre navigateur ou de votre appareil.
passkey-checking = Vérification…
passkey-copied = Le lien est copié.

passkey-get-unsupported = Ce navigateur ne peut pas utiliser de passkeys ici. Choisissez un autre moyen.
passkey-get-not-started = Votre navigateur n’a pas pu ouvrir l’invite des passkeys. Vérifiez qu’un verrouillage d’écran est actif, puis réessayez ou choisissez un autre moyen.
passkey-get-cancelled = Vous n’avez pas été connecté. Réessayez, ou choisissez un autre moyen.
passkey-get-timeout = Cela a pris trop de temps. Réessayez ; vous avez 5 minutes.
passkey-get-duplicate = Vous n’avez pas été connecté. Réessayez, ou choisissez un autre moyen.
passkey-get-config = Les passkeys ne fonctionnent pas à cette adresse. Dites-le à votre contact informatique : référence { $reference }.
passkey-get-network = Vous êtes hors ligne. Nous réessaierons.
passkey-get-unknown = Quelque chose n’a pas fonctionné, et vous n’avez pas été connecté. Réessayez. Si cela se reproduit, dites-le à votre contact informatique : référence { $reference }.
passkey-get-unknown-credential = Cette passkey n’est plus connue ici. Elle a peut-être été supprimée. Choisissez-en une autre.
passkey-get-disabled-credential = Cette passkey a été désactivée par votre organisation. Choisissez-en une autre, ou adressez-vous à votre contact informatique.
passkey-get-disabled-user = Ce compte est désactivé. Adressez-vous à votre contact informatique.
passkey-get-uv-missing = Votre appareil n’a vérifié ni empreinte, ni visage, ni code PIN. Réessayez, ou utilisez une autre passkey.
passkey-get-not-accepted = Votre organisation n’accepte pas cette passkey. Choisissez-en une autre, ou adressez-vous à votre contact informatique.
passkey-get-challenge-expired = La page est restée ouverte trop longtemps. Réessayez.
passkey-get-wrong-account = Cette passkey appartient à un autre compte. Utilisez une passkey de ce compte.
passkey-get-wrong-passkey = Vous avez utilisé une autre passkey. La nouvelle n’est pas encore essayée : réessayez et choisissez la nouvelle.
passkey-get-limit = Vous n’avez pas été connecté. Réessayez, ou choisissez un autre moyen.
passkey-get-confirm-needed = Rien n’a changé. Confirmez d’abord que c’est vous.
passkey-get-session-ended = Vous avez été déconnecté entre-temps. Reconnectez-vous.
passkey-get-rate-limited = Trop d’essais. Attendez quelques minutes, puis réessayez.

passkey-create-unsupported = Cet appareil ne peut pas enregistrer de passkey. Utilisez votre téléphone ou une clé de sécurité.
passkey-create-not-started = Votre navigateur n’a pas pu ouvrir l’invite. Vérifiez qu’un verrouillage d’écran est actif et que vous n’êtes pas dans une fenêtre privée.
passkey-create-cancelled = Aucune passkey n’a été créée. Rien n’a changé. Réessayez quand vous serez prêt.
passkey-create-timeout = Cela a pris trop de temps, et aucune passkey n’a été créée. Réessayez ; vous avez 5 minutes.
passkey-create-duplicate = Il y a déjà ici une passkey pour votre compte. Vous pouvez l’utiliser telle quelle.
passkey-create-config = Les passkeys ne fonctionnent pas à cette adresse. Dites-le à votre contact informatique : référence { $reference }.
passkey-create-network = La passkey est enregistrée sur votre appareil, mais nous n’avons pas encore pu la prendre en compte. Gardez cette page ouverte : nous réessayons.
passkey-create-unknown = Quelque chose n’a pas fonctionné, et aucune passkey n’a été ajoutée. Réessayez. Si cela se reproduit, dites-le à votre contact informatique : référence { $reference }.
passkey-create-unknown-credential = Quelque chose n’a pas fonctionné, et aucune passkey n’a été ajoutée. Réessayez.
passkey-create-disabled-credential = Cette passkey a été désactivée par votre organisation. Adressez-vous à votre contact informatique.
passkey-create-disabled-user = Ce compte est désactivé. Aucune passkey n’a été ajoutée. Adressez-vous à votre contact informatique.
passkey-create-uv-missing = Votre appareil n’a vérifié ni empreinte, ni visage, ni code PIN. Aucune passkey n’a été ajoutée. Réessayez, ou utilisez un autre appareil.
passkey-create-not-accepted = Votre organisation n’accepte pas ce genre de passkey. Aucune passkey n’a été ajoutée. Utilisez un autre appareil ou une clé de sécurité, ou adressez-vous à votre contact informatique.
passkey-create-challenge-expired = La page est restée ouverte trop longtemps, et aucune passkey n’a été ajoutée. Réessayez.
passkey-create-wrong-account = Cette passkey appartient à un autre compte. Aucune passkey n’a été ajoutée.
passkey-create-wrong-passkey = Vous avez utilisé une autre passkey. Réessayez et choisissez la nouvelle.
passkey-create-limit = Vous avez autant de passkeys que votre organisation le permet. Supprimez-en d’abord une.
passkey-create-confirm-needed = Rien n’a changé. Confirmez d’abord que c’est vous.
passkey-create-session-ended = Vous avez été déconnecté entre-temps, et aucune passkey n’a été ajoutée. Reconnectez-vous.
passkey-create-rate-limited = Trop d’essais. Attendez quelques minutes, puis réessayez.

passkey-works = Ça marche. Vous pouvez vous connecter avec { $name }.
