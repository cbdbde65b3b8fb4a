import { withClients } from '../harness/applications.mjs';
import { oidcClientTs } from './registry.mjs';

withClients('oidc-client-ts, a page that is its own client', [oidcClientTs]);
