-- What FIDO metadata and the organisation say about models of authenticators.

-- The newest accepted blob: its number never goes back. One row a source.
CREATE TABLE metadata_sources (
  source TEXT NOT NULL PRIMARY KEY,
  number {integer} NOT NULL,
  next_update {integer} NOT NULL,
  fetched {integer} NOT NULL,
  checked {integer} NOT NULL,
  etag TEXT,
  last_error TEXT,
  digest {bytes} NOT NULL,
  mac {bytes} NOT NULL
) {clustered};

-- One row for each entry, named by source and AAGUID or certificate: body is JSON of what is used of it, its trust anchors among them.
CREATE TABLE metadata_entries (
  entry TEXT NOT NULL PRIMARY KEY,
  source TEXT NOT NULL,
  body TEXT NOT NULL,
  mac {bytes} NOT NULL
) {clustered};

CREATE INDEX passkeys_aaguid ON passkeys (aaguid);
