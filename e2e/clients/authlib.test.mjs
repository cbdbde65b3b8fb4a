import { withClients } from '../harness/applications.mjs';
import { authlib } from './registry.mjs';

withClients('Authlib in Flask', [authlib]);
