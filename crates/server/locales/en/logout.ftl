# OC-5: signing out because an application asked for it, and what else that ended.
logout-heading = Sign out?
logout-asked = An application asks that you sign out here.
logout-asked-by = { $application } asks that you sign out here.
logout-effect = You will also be signed out of the applications that you opened from here.
logout-stay = Stay signed in

signed-out-apps = You were also signed out of these applications:
signed-out-only = You left this service on this device.
signed-out-go-on = Go on to { $application }
