CREATE TABLE files (
	id INTEGER NOT NULL,
	source_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	"indexed" BOOLEAN NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (name)
);
CREATE INDEX ix_files_source_id ON files (source_id);
CREATE TABLE meta (
	"key" TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY ("key")
);
CREATE TABLE sources (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (name)
);
CREATE TABLE urls (
	source_id INTEGER NOT NULL,
	id BIGINT NOT NULL,
	url TEXT NOT NULL,
	identity TEXT,
	status TEXT NOT NULL,
	first_seen INTEGER NOT NULL,
	fetched INTEGER,
	next_visit INTEGER,
	published INTEGER,
	newest INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	etag TEXT,
	last_modified TEXT,
	content_hash BLOB,
	version INTEGER NOT NULL,
	file_id INTEGER,
	reason TEXT,
	alias_of BIGINT,
	hint TEXT,
	PRIMARY KEY (source_id, id)
);
CREATE INDEX urls_content ON urls (source_id, content_hash) WHERE content_hash IS NOT NULL;
CREATE INDEX urls_due ON urls (source_id, newest, id, next_visit) WHERE next_visit IS NOT NULL;
