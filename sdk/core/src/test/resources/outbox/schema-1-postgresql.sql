CREATE TABLE IF NOT EXISTS fuzhi_outbox_meta (
  name VARCHAR(250) COLLATE "C" NOT NULL,
  item VARCHAR(250) COLLATE "C" NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (name, item)
);
CREATE TABLE IF NOT EXISTS fuzhi_outbox_entry (
  name VARCHAR(250) COLLATE "C" NOT NULL,
  kind VARCHAR(250) COLLATE "C" NOT NULL,
  record_key VARCHAR(250) COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  op VARCHAR(250) COLLATE "C" NOT NULL,
  payload BYTEA,
  payload_bytes INTEGER NOT NULL,
  digest VARCHAR(250) COLLATE "C",
  scope VARCHAR(250) COLLATE "C",
  state VARCHAR(250) COLLATE "C" NOT NULL,
  send_rank INTEGER NOT NULL,
  due BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  alone INTEGER NOT NULL,
  together INTEGER NOT NULL,
  unknown_verdicts INTEGER NOT NULL,
  waiting_since BIGINT,
  lease_owner VARCHAR(250) COLLATE "C",
  lease_until BIGINT NOT NULL,
  claim_no BIGINT NOT NULL,
  cause VARCHAR(250) COLLATE "C",
  problem TEXT,
  enqueued_at BIGINT NOT NULL,
  delivered_at BIGINT,
  request_id VARCHAR(250) COLLATE "C",
  PRIMARY KEY (name, kind, record_key)
);
CREATE TABLE IF NOT EXISTS fuzhi_outbox_receipt (
  name VARCHAR(250) COLLATE "C" NOT NULL,
  submission_key VARCHAR(250) COLLATE "C" NOT NULL,
  receipt_number VARCHAR(250) COLLATE "C" NOT NULL,
  received_at BIGINT NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (name, submission_key, receipt_number)
);
CREATE INDEX IF NOT EXISTS fuzhi_outbox_due ON fuzhi_outbox_entry (name, kind, due) WHERE state = 'PENDING';
CREATE INDEX IF NOT EXISTS fuzhi_outbox_stopped ON fuzhi_outbox_entry (name, state, kind) WHERE state <> 'PENDING' AND state <> 'DELIVERED';
CREATE INDEX IF NOT EXISTS fuzhi_outbox_scope ON fuzhi_outbox_entry (name, scope) WHERE scope IS NOT NULL;
INSERT INTO fuzhi_outbox_meta (name, item, content) VALUES ('', 'schema', '1');
