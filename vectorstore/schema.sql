CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS notices (
  id        TEXT PRIMARY KEY,
  identity  TEXT NOT NULL UNIQUE,   -- normalised title + issuer + signed date, else the file name
  file      TEXT NOT NULL,
  sha256    TEXT NOT NULL,          -- of the raw bytes
  version   INTEGER NOT NULL,
  title     TEXT NOT NULL,
  year      TEXT,                   -- signed, else published, else feedback
  places    TEXT NOT NULL,          -- folded canonical names and ancestors, each between newlines
  text      TEXT NOT NULL,
  document  TEXT NOT NULL,          -- the extraction document without notice.text and items
  raw       BLOB NOT NULL,
  added     TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS notices_sha256 ON notices (sha256);

CREATE TABLE IF NOT EXISTS versions (
  notice_id TEXT NOT NULL,
  version   INTEGER NOT NULL,
  sha256    TEXT NOT NULL,
  document  TEXT NOT NULL,          -- the whole former extraction document, text and items included
  raw       BLOB NOT NULL,
  replaced  TEXT NOT NULL,
  PRIMARY KEY (notice_id, version)
);

CREATE TABLE IF NOT EXISTS items (
  id        TEXT PRIMARY KEY,
  notice_id TEXT NOT NULL REFERENCES notices (id) ON DELETE CASCADE,
  seq       INTEGER NOT NULL,
  status    TEXT NOT NULL,
  category  TEXT NOT NULL,          -- folded
  body      TEXT NOT NULL,          -- folded problem, measures and fields, for "contains"
  record    TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS items_notice ON items (notice_id, seq);

CREATE TABLE IF NOT EXISTS chunks (
  rowid     INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used again: it is also the vector's id
  notice_id TEXT NOT NULL REFERENCES notices (id) ON DELETE CASCADE,
  seq       INTEGER NOT NULL,
  start     INTEGER NOT NULL,
  end       INTEGER NOT NULL,
  text      TEXT NOT NULL,
  path      TEXT NOT NULL,
  item_id   TEXT,
  indexed   INTEGER NOT NULL DEFAULT 0,          -- 0 pending, 1 its vector is in the collection
  UNIQUE (notice_id, seq)
);
CREATE INDEX IF NOT EXISTS chunks_pending ON chunks (rowid) WHERE indexed = 0;

-- Vectors to be deleted from the collection: written with the deletion of their chunks, taken out once they are gone.
CREATE TABLE IF NOT EXISTS tombstones (chunk INTEGER PRIMARY KEY);

-- Of tokens parted by spaces. Contentless: the tokens can be made again from chunks, so only the index is kept.
CREATE VIRTUAL TABLE IF NOT EXISTS lexical
  USING fts5 (body, context, content = '', tokenize = "ascii tokenchars '.'");
CREATE VIRTUAL TABLE IF NOT EXISTS lexical_terms USING fts5vocab (lexical, 'row');
