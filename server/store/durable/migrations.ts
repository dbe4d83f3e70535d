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
   ) STRICT;`
];
