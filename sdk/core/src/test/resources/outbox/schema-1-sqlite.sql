CREATE TABLE IF NOT EXISTS fuzhi_outbox_meta (
  name TEXT NOT NULL,
  item TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (name, item)
);
CREATE TABLE IF NOT EXISTS fuzhi_outbox_entry (
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  record_key TEXT NOT NULL,
  version BIGINT NOT NULL,
  op TEXT NOT NULL,
  payload BLOB,
  payload_bytes INTEGER NOT NULL,
  digest TEXT,
  scope TEXT,
  state TEXT NOT NULL,
  send_rank INTEGER NOT NULL,
  due BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  alone INTEGER NOT NULL,
  together INTEGER NOT NULL,
  unknown_verdicts INTEGER NOT NULL,
  waiting_since BIGINT,
  lease_owner TEXT,
  lease_until BIGINT NOT NULL,
  claim_no BIGINT NOT NULL,
  cause TEXT,
  problem TEXT,
  enqueued_at BIGINT NOT NULL,
  delivered_at BIGINT,
  request_id TEXT,
  PRIMARY KEY (name, kind, record_key)
);
CREATE TABLE IF NOT EXISTS fuzhi_outbox_receipt (
  name TEXT NOT NULL,
  submission_key TEXT NOT NULL,
  receipt_number TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (name, submission_key, receipt_number)
);
CREATE INDEX IF NOT EXISTS fuzhi_outbox_due ON fuzhi_outbox_entry (name, kind, due) WHERE state = 'PENDING';
CREATE INDEX IF NOT EXISTS fuzhi_outbox_stopped ON fuzhi_outbox_entry (name, state, kind) WHERE state <> 'PENDING' AND state <> 'DELIVERED';
CREATE INDEX IF NOT EXISTS fuzhi_outbox_scope ON fuzhi_outbox_entry (name, scope) WHERE scope IS NOT NULL;
INSERT INTO fuzhi_outbox_meta (name, item, content) VALUES ('', 'schema', '1');
