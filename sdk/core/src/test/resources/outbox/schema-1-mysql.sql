CREATE TABLE IF NOT EXISTS fuzhi_outbox_meta (
  name VARCHAR(250) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item VARCHAR(250) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  content TEXT CHARACTER SET utf8mb4 NOT NULL,
  PRIMARY KEY (name, item)
);
CREATE TABLE IF NOT EXISTS fuzhi_outbox_entry (
  name VARCHAR(250) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(250) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  record_key VARCHAR(250) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version BIGINT NOT NULL,
  op VARCHAR(250) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payload LONGBLOB,
  payload_bytes INTEGER NOT NULL,
  digest VARCHAR(250) CHARACTER SET ascii COLLATE ascii_bin,
  scope VARCHAR(250) CHARACTER SET ascii COLLATE ascii_bin,
  state VARCHAR(250) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  send_rank INTEGER NOT NULL,
  due BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  alone INTEGER NOT NULL,
  together INTEGER NOT NULL,
  unknown_verdicts INTEGER NOT NULL,
  waiting_since BIGINT,
  lease_owner VARCHAR(250) CHARACTER SET ascii COLLATE ascii_bin,
  lease_until BIGINT NOT NULL,
  claim_no BIGINT NOT NULL,
  cause VARCHAR(250) CHARACTER SET ascii COLLATE ascii_bin,
  problem TEXT CHARACTER SET utf8mb4,
  enqueued_at BIGINT NOT NULL,
  delivered_at BIGINT,
  request_id VARCHAR(250) CHARACTER SET ascii COLLATE ascii_bin,
  PRIMARY KEY (name, kind, record_key),
  INDEX fuzhi_outbox_due (name, state, kind, due),
  INDEX fuzhi_outbox_stopped (name, state, cause),
  INDEX fuzhi_outbox_scope (name, scope)
);
CREATE TABLE IF NOT EXISTS fuzhi_outbox_receipt (
  name VARCHAR(250) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  submission_key VARCHAR(250) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  receipt_number VARCHAR(250) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  received_at BIGINT NOT NULL,
  content LONGBLOB NOT NULL,
  PRIMARY KEY (name, submission_key, receipt_number)
);
INSERT INTO fuzhi_outbox_meta (name, item, content) VALUES ('', 'schema', '1');
