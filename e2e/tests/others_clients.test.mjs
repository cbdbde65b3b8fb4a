/** Two of the clients that others wrote, here because they are quick; all of them are in clients/. */
import { withClients } from '../harness/applications.mjs';
import { oauth4webapi, openidClient } from '../clients/registry.mjs';

withClients('T12.c openid-client; oauth4webapi with pushed requests and tokens bound to a key', [openidClient, oauth4webapi]);
