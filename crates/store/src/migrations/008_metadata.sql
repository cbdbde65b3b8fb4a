-- What FIDO metadata and the organisation say about models of authenticators.

-- What holds of a source: the newest accepted blob, whose number never goes back; of the organisation's own roots, how
-- often they changed. The digest binds the source's entries together. When it was looked at and what went wrong then
-- decides nothing and is not under the MAC.
CREATE TABLE metadata_sources (
  source TEXT NOT NULL PRIMARY KEY,
  number {integer} NOT NULL,
  next_update {integer} NOT NULL,
  fetched {integer} NOT NULL,
  digest {bytes} NOT NULL,
  checked {integer} NOT NULL,
  etag TEXT,
  last_error TEXT,
  mac {bytes} NOT NULL
) {clustered};

-- One row for each entry, named by what it is about: body is JSON of what is used of it, its trust anchors among them.
CREATE TABLE metadata_entries (
  entry TEXT NOT NULL PRIMARY KEY,
  source TEXT NOT NULL,
  body TEXT NOT NULL,
  mac {bytes} NOT NULL
) {clustered};

CREATE INDEX metadata_entries_source ON metadata_entries (source, entry);

CREATE INDEX passkeys_aaguid ON passkeys (aaguid, id);
