# OC-5 : se déconnecter parce qu’une application l’a demandé, et ce qui a pris fin avec cela.
logout-heading = Se déconnecter ?
logout-asked = Une application vous demande de vous déconnecter ici.
logout-asked-by = { $application } vous demande de vous déconnecter ici.
logout-effect = Vous serez aussi déconnecté des applications que vous avez ouvertes d’ici.
logout-stay = Rester connecté

signed-out-apps = Vous avez aussi été déconnecté de ces applications :
signed-out-only = Vous avez quitté ce service sur cet appareil.
signed-out-go-on = Continuer vers { $application }
