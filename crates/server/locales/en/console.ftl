# The administrators' console: what its pages share.
nav-console = Console
console-nav = Sections of the console
console-overview = Overview
console-users = People
console-groups = Groups
console-requests = Requests
console-orders = Orders
console-policy = Policy
console-strengths = Strengths
console-models = Models
console-log = Log
console-keys = Keys
console-hooks = Receivers
