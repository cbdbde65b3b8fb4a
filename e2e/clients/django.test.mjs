import { withClients } from '../harness/applications.mjs';
import { mozillaDjangoOidc } from './registry.mjs';

withClients('mozilla-django-oidc', [mozillaDjangoOidc]);
