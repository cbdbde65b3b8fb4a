import { withClients } from '../harness/applications.mjs';
import { openidconnectCrate } from './registry.mjs';

withClients('the openidconnect crate in a native application', [openidconnectCrate]);
