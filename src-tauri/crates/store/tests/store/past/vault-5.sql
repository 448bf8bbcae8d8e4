-- The vault's version 5 with a row in each table. Never edited.
CREATE TABLE uploads (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    object TEXT NOT NULL UNIQUE,
    name BLOB NOT NULL,
    size INTEGER,
    chunk_len INTEGER NOT NULL,
    claimed_name BLOB,
    claimed_root BLOB,
    arriving TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,
    CHECK ((claimed_name IS NULL) = (claimed_root IS NULL))
) STRICT;
CREATE TABLE ranges (
    upload INTEGER NOT NULL REFERENCES uploads (key) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    vouched INTEGER NOT NULL,
    PRIMARY KEY (upload, start),
    CHECK (start < end)
) STRICT, WITHOUT ROWID;
CREATE TABLE cvs (
    upload INTEGER NOT NULL REFERENCES uploads (key) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    cv BLOB NOT NULL,
    PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE videos (
    object TEXT NOT NULL UNIQUE,
    upload TEXT NOT NULL UNIQUE,
    name BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX videos_by_age ON videos (created_at, object);
CREATE TABLE renames (
    object TEXT NOT NULL PRIMARY KEY REFERENCES videos (object) ON DELETE CASCADE,
    name BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO uploads VALUES
    (1, 'past', 'past-object', x'660a', NULL, 4194304, x'66', zeroblob(32), '"Paused"', 1700000000000, 1700000000001);
INSERT INTO ranges VALUES (1, 0, 4194304, 1), (1, 4194304, 4194305, 0);
INSERT INTO cvs VALUES (1, 0, zeroblob(32));
INSERT INTO videos VALUES ('past-video', 'before', x'66696c6d', 12, zeroblob(32), 1690000000000);
INSERT INTO renames VALUES ('past-video', x'61667465');

ALTER TABLE uploads ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE videos ADD COLUMN owner TEXT NOT NULL DEFAULT '';
CREATE INDEX videos_by_owner ON videos (owner, size);
UPDATE videos SET owner = 'anna';

CREATE TABLE appendings (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    metadata TEXT,
    role TEXT NOT NULL,
    ending TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO appendings VALUES ('past', '', 'filename Zg==', '"Whole"', '"WithLength"');

ALTER TABLE uploads ADD COLUMN amended_from TEXT;
UPDATE uploads SET amended_from = 'before-object';
