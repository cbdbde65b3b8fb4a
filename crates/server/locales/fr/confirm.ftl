# RA-1.
confirm-heading = Confirmez que c’est vous
confirm-add = Utilisez une de vos passkeys avant d’ajouter une méthode de connexion. Rien n’a encore changé.
confirm-remove = Utilisez une de vos passkeys avant de supprimer { $name }. Rien n’a encore changé.
confirm-hint = Votre appareil vous demandera de confirmer que c’est vous.
use-passkey = Utiliser votre passkey
cannot-confirm = Je ne peux pas utiliser ma passkey
