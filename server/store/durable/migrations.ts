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
   ) STRICT, WITHOUT ROWID;`,

  // Who is signed in signs in again: the accounts move to a table that knows invitations and states.
  `DROP TABLE session;
   ALTER TABLE account RENAME TO old_account;

   CREATE TABLE account (
     id TEXT PRIMARY KEY,
     name TEXT UNIQUE,
     shown_name TEXT NOT NULL,
     role TEXT NOT NULL CHECK (role IN ('counsellor', 'lead', 'interpreter')),
     state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'suspended')),
     password TEXT,
     totp_secret TEXT,
     totp_step INTEGER NOT NULL DEFAULT 0,
     seen_day INTEGER,
     CHECK (state <> 'active' OR name IS NOT NULL)
   ) STRICT;
   INSERT INTO account (id, name, shown_name, role, state, password, totp_secret)
     SELECT id, name, shown_name, role, 'active', password, totp_secret FROM old_account;
   DROP TABLE old_account;

   CREATE TABLE session (
     id TEXT PRIMARY KEY,
     token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
     account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
     started_at INTEGER NOT NULL,
     seen_at INTEGER NOT NULL,
     proved_at INTEGER
   ) STRICT;

   CREATE TABLE passkey (
     id TEXT PRIMARY KEY,
     account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
     public_key BLOB NOT NULL,
     counter INTEGER NOT NULL
   ) STRICT;

   CREATE TABLE recovery_code (
     account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
     hash BLOB NOT NULL CHECK (length(hash) = 32),
     PRIMARY KEY (account, hash)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE invitation (
     token_hash TEXT PRIMARY KEY CHECK (length(token_hash) = 64),
     account TEXT NOT NULL UNIQUE REFERENCES account (id) ON DELETE CASCADE,
     expires_at INTEGER NOT NULL,
     used INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1))
   ) STRICT;

   CREATE TABLE certificate (
     serial TEXT PRIMARY KEY CHECK (length(serial) = 32),
     account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
     public_key BLOB NOT NULL CHECK (length(public_key) = 32),
     bytes BLOB NOT NULL,
     expires_at INTEGER NOT NULL,
     revoked INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1))
   ) STRICT;

   CREATE TABLE certificate_request (
     id TEXT PRIMARY KEY,
     account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
     public_key BLOB NOT NULL CHECK (length(public_key) = 32),
     UNIQUE (account, public_key)
   ) STRICT;

   CREATE TABLE organisation (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     name TEXT NOT NULL,
     public_key BLOB NOT NULL CHECK (length(public_key) = 32)
   ) STRICT;`,

  // Nothing here says when it was made: whoever books twice in one hour must not be found by the hour.
  `CREATE TABLE planned_shift (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE closed_days (first TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE absence (
     account TEXT NOT NULL,
     from_time INTEGER NOT NULL,
     until_time INTEGER NOT NULL,
     PRIMARY KEY (account, from_time)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE slot (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     shift TEXT NOT NULL,
     account TEXT NOT NULL,
     start INTEGER NOT NULL,
     minutes INTEGER NOT NULL,
     seats INTEGER NOT NULL CHECK (seats BETWEEN 1 AND 8),
     offer TEXT NOT NULL,
     open INTEGER NOT NULL CHECK (open IN (0, 1)),
     UNIQUE (account, start)
   ) STRICT;
   CREATE INDEX slot_start ON slot (start);

   CREATE TABLE booking (
     ticket BLOB PRIMARY KEY CHECK (length(ticket) = 32),
     slot INTEGER NOT NULL REFERENCES slot (id),
     seat INTEGER,
     state TEXT NOT NULL,
     conversation BLOB NOT NULL UNIQUE CHECK (length(conversation) = 32),
     visitor TEXT NOT NULL,
     purpose TEXT NOT NULL,
     words INTEGER NOT NULL,
     stage TEXT,
     note BLOB,
     misses INTEGER NOT NULL,
     moved_from INTEGER,
     UNIQUE (slot, seat)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE booking_done (
     key BLOB PRIMARY KEY CHECK (length(key) = 32),
     request BLOB NOT NULL CHECK (length(request) = 32),
     answer TEXT NOT NULL,
     day INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE agenda_item (
     slot INTEGER NOT NULL REFERENCES slot (id) ON DELETE CASCADE,
     id BLOB NOT NULL CHECK (length(id) = 16),
     sealed BLOB NOT NULL,
     PRIMARY KEY (slot, id)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE team_recipient (
     account TEXT PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
     recipient TEXT NOT NULL UNIQUE,
     certificate BLOB NOT NULL,
     signature BLOB NOT NULL CHECK (length(signature) = 64)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE team_message (
     code BLOB PRIMARY KEY CHECK (length(code) = 32),
     day INTEGER NOT NULL,
     sealed BLOB NOT NULL,
     recipient TEXT NOT NULL,
     answer BLOB
   ) STRICT, WITHOUT ROWID;`,

  'ALTER TABLE team_message ADD COLUMN id BLOB CHECK (length(id) = 16);',

  `CREATE TABLE service_certificate (
     public_key BLOB PRIMARY KEY CHECK (length(public_key) = 32),
     bytes BLOB NOT NULL,
     expires_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`
];
