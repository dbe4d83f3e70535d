/** Applied in order; `user_version` counts how many a file has. Add to the end, never change one. */
export const migrations: readonly string[] = [
  `CREATE TABLE server_key (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     secret BLOB NOT NULL CHECK (length(secret) = 32)
   ) STRICT;

   CREATE TABLE account (
     id TEXT PRIMARY KEY,
     name TEXT NOT NULL UNIQUE,
     shown_name TEXT NOT NULL,
     role TEXT NOT NULL CHECK (role IN ('counsellor', 'lead')),
     password TEXT NOT NULL,
     totp_secret TEXT
   ) STRICT;

   CREATE TABLE session (
     token_hash TEXT PRIMARY KEY CHECK (length(token_hash) = 64),
     account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
     started_at INTEGER NOT NULL,
     seen_at INTEGER NOT NULL
   ) STRICT;`,

  // Without row numbers: in these tables the order in which rows came would say who came when.
  `CREATE TABLE clip_key (
     epoch INTEGER PRIMARY KEY,
     secret BLOB NOT NULL CHECK (length(secret) = 32)
   ) STRICT;

   CREATE TABLE clip_spent (
     id BLOB PRIMARY KEY CHECK (length(id) = 32),
     elements BLOB NOT NULL CHECK (length(elements) = 32),
     state TEXT NOT NULL,
     expires INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE clip_open (
     conversation BLOB PRIMARY KEY CHECK (length(conversation) = 32),
     id BLOB NOT NULL UNIQUE REFERENCES clip_spent (id),
     decides INTEGER NOT NULL CHECK (decides IN (0, 1)),
     day INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE clip_conversation (
     conversation BLOB PRIMARY KEY CHECK (length(conversation) = 32),
     elements BLOB CHECK (length(elements) = 32),
     day INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE clip_decision (
     conversation BLOB PRIMARY KEY CHECK (length(conversation) = 32),
     visitor TEXT,
     counsellor TEXT,
     given INTEGER NOT NULL CHECK (given IN (0, 1)),
     day INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`,

  // AUTOINCREMENT never gives a version twice, so a change is never taken for the one it was made on.
  `CREATE TABLE phrase (
     version INTEGER PRIMARY KEY AUTOINCREMENT,
     language TEXT NOT NULL,
     id TEXT NOT NULL,
     phrase_group TEXT NOT NULL,
     text TEXT,
     place REAL NOT NULL,
     hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)),
     UNIQUE (language, id)
   ) STRICT;

   CREATE TABLE counter (
     week TEXT NOT NULL,
     counter TEXT NOT NULL,
     many INTEGER NOT NULL CHECK (many > 0),
     PRIMARY KEY (week, counter)
   ) STRICT, WITHOUT ROWID;`
];
