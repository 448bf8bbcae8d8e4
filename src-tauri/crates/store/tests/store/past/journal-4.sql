-- The journal's version 4 with a row in each table. Never edited.
CREATE TABLE transfers (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    batch BLOB NOT NULL,
    position INTEGER NOT NULL,
    path BLOB NOT NULL,
    name BLOB NOT NULL,
    destination TEXT NOT NULL,
    source_size INTEGER NOT NULL,
    source_modified_ns BLOB NOT NULL,
    source_sample TEXT NOT NULL,
    layout_size INTEGER,
    layout_chunk_len INTEGER,
    max_chunk_len INTEGER,
    handle TEXT,
    intent TEXT NOT NULL,
    state TEXT NOT NULL,
    root BLOB,
    bytes_sent INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER, placing TEXT NOT NULL DEFAULT '{}', priority TEXT NOT NULL DEFAULT '"normal"', amending INTEGER NOT NULL DEFAULT 0,
    CHECK ((layout_size IS NULL) = (layout_chunk_len IS NULL))
) STRICT;
CREATE TABLE chunks (
    transfer INTEGER NOT NULL REFERENCES transfers (key) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    cv BLOB NOT NULL,
    receipt TEXT,
    PRIMARY KEY (transfer, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO transfers VALUES (
    1, x'00112233445566778899aabbccddeeff', x'ffeeddccbbaa99887766554433221100', -3, x'2ff00a', x'660a', 'vault:/films',
    9000000, x'8000000000000000000000000000002a', '00', 9000000, 4194304, NULL, 'handle', '"run"',
    '{"waiting":{"reason":"network","sentence":"no network","until":null}}', NULL, 4194304, 1700000000000, NULL,
    '{"folders":[[97]],"taken":"skip"}', '"high"', 1
);
INSERT INTO chunks VALUES (1, 0, zeroblob(32), 'receipt'), (1, 2, zeroblob(32), NULL);
INSERT INTO settings VALUES ('limit', '1000');
