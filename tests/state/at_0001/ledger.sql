BEGIN TRANSACTION;
CREATE TABLE actions (
	number INTEGER NOT NULL, 
	who TEXT NOT NULL, 
	what TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE artifacts (
	claim INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	endpoint TEXT NOT NULL, 
	folder TEXT NOT NULL, 
	name TEXT NOT NULL, 
	"temporary" TEXT NOT NULL, 
	work_path TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	records BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	staged_at BIGINT, 
	delivered_at BIGINT, 
	path TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (claim, number), 
	FOREIGN KEY(claim) REFERENCES claims (seq)
);
INSERT INTO "artifacts" VALUES(1,1,'output','wms','orders','ORD_c57979bd8b9a_001.xml','.ORD_c57979bd8b9a_001.xml.c57979bd8b9a','00001.artifact',773,'bcdd70fe56739333f0405e5308f1eb39291bfac55d387c6981a9aab26a186558',1,'delivered',1795321787716381,1795321787723744,'data/outbox/wms/orders/ORD_c57979bd8b9a_001.xml');
INSERT INTO "artifacts" VALUES(1,2,'output','erp','orders','SO_c57979bd8b9a.csv','.SO_c57979bd8b9a.csv.c57979bd8b9a','00002.artifact',854,'c2f0c89e40814261cb3091a6debc195c46eb98ac36e9458da009a664284918c0',1,'delivered',1795321787716381,1795321787723744,'data/outbox/erp/orders/SO_c57979bd8b9a.csv');
INSERT INTO "artifacts" VALUES(1,3,'reject','.rejects','orders','done.csv.c57979bd8b9a.rejects.csv','.done.csv.c57979bd8b9a.rejects.csv.c57979bd8b9a','00003.artifact',1815,'2b29a3f9dc0cbd93da2ad0c6f7de359b2906e09bc3f80de374a1834e47606a68',1,'delivered',1795321787716381,1795321787723744,'data/rejects/orders/done.csv.c57979bd8b9a.rejects.csv');
INSERT INTO "artifacts" VALUES(1,4,'reject','.rejects','orders','done.csv.c57979bd8b9a.rejects.jsonl','.done.csv.c57979bd8b9a.rejects.jsonl.c57979bd8b9a','00004.artifact',348,'5beff31bffcb0495ae76585fd96655bb92d77e999448e242ee69ada18b2eeae8',1,'delivered',1795321787716381,1795321787723744,'data/rejects/orders/done.csv.c57979bd8b9a.rejects.jsonl');
INSERT INTO "artifacts" VALUES(1,5,'held','.held','orders','done.csv.c57979bd8b9a.held.csv','.done.csv.c57979bd8b9a.held.csv.c57979bd8b9a','00005.artifact',1547,'2f9d4c573c7b26a55a8eb78c929910e894906be2c4a6e6e564ff2df960fc6464',1,'delivered',1795321787716381,1795321787723744,'data/state/held/orders/done.csv.c57979bd8b9a.held.csv');
INSERT INTO "artifacts" VALUES(2,1,'output','wms','orders','ORD_9aac8e146549_001.xml','.ORD_9aac8e146549_001.xml.9aac8e146549','00001.artifact',773,'489205267e02d35c24a204bdc34a4ebcc81a455ee58c18ec9ece6b47641ff70f',1,'sealed',NULL,NULL,'');
INSERT INTO "artifacts" VALUES(2,2,'output','erp','orders','SO_9aac8e146549.csv','.SO_9aac8e146549.csv.9aac8e146549','00002.artifact',854,'dcd194444ec6c226001e4c1e814b2fdf4d63ab30471e7f08c44d81a4863ad97e',1,'sealed',NULL,NULL,'');
CREATE TABLE claims (
	seq INTEGER NOT NULL, 
	id VARCHAR(12) NOT NULL, 
	flow TEXT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	attempt INTEGER NOT NULL, 
	origin TEXT NOT NULL, 
	endpoint TEXT NOT NULL, 
	folder TEXT NOT NULL, 
	name TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	mtime_ns BIGINT NOT NULL, 
	path TEXT NOT NULL, 
	pick_up INTEGER NOT NULL, 
	channel TEXT NOT NULL, 
	mapping TEXT NOT NULL, 
	claimed_at BIGINT NOT NULL, 
	as_of BIGINT NOT NULL, 
	parent VARCHAR(12), 
	source_then TEXT NOT NULL, 
	run INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	seal BIGINT, 
	sealed_at BIGINT, 
	closed_at BIGINT, 
	counts TEXT DEFAULT '{}' NOT NULL, 
	notes TEXT DEFAULT '[]' NOT NULL, 
	PRIMARY KEY (seq), 
	CONSTRAINT uq_claims_flow_sha256_attempt UNIQUE (flow, sha256, attempt), 
	CONSTRAINT uq_claims_id UNIQUE (id), 
	FOREIGN KEY(run) REFERENCES runs (number), 
	CONSTRAINT uq_claims_seal UNIQUE (seal)
);
INSERT INTO "claims" VALUES(1,'c57979bd8b9a','orders','1025d8d99a5115e48b7a0b2176b7f317196eee17fd35bfbc8d17186438f30559',1,'pick_up','shopify','orders','done.csv',2495,1767344400000000000,'data/inbox/shopify/orders/done.csv',0,'shopify','shopify/orders',1795321787381113,1767344400000000,NULL,'archive',1,'done',1,1795321787698521,1795321787723744,'{"records": {"in": 3, "out": 1, "rejected": 1, "filtered": 0, "held": 1}, "documents": {"in": 3, "out": 1, "rejected": 1, "filtered": 0, "held": 1}}','[]');
INSERT INTO "claims" VALUES(2,'9aac8e146549','orders','ff1b78679ef81388608ed6f0adc03494046c837a86ba0618db2ba3a848652e79',1,'pick_up','shopify','orders','sealed.csv',1568,1767430800000000000,'data/inbox/shopify/orders/sealed.csv',0,'shopify','shopify/orders',1795321789570959,1767430800000000,NULL,'archive',2,'sealed',2,1795321790044431,NULL,'{"records": {"in": 1, "out": 1, "rejected": 0, "filtered": 0, "held": 0}, "documents": {"in": 1, "out": 1, "rejected": 0, "filtered": 0, "held": 0}}','[]');
INSERT INTO "claims" VALUES(3,'5dd4d9306321','orders','5739077bcf023d4abf3813f1d122b665ba8aefc987f13403d767d3e66c34770e',1,'pick_up','shopify','orders','claimed.csv',1568,1767517200000000000,'data/inbox/shopify/orders/claimed.csv',0,'shopify','shopify/orders',1795321790061422,1767517200000000,NULL,'archive',2,'claimed',NULL,NULL,NULL,'{}','[]');
CREATE TABLE documents (
	claim INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	disposition TEXT NOT NULL, 
	outcome INTEGER NOT NULL, 
	content_hash BIGINT, 
	file_line BIGINT NOT NULL, 
	first_record BIGINT NOT NULL, 
	records INTEGER NOT NULL, 
	PRIMARY KEY (claim, position), 
	FOREIGN KEY(claim, outcome) REFERENCES outcomes (claim, number)
)
 WITHOUT ROWID

;
INSERT INTO "documents" VALUES(1,0,'1001','out',0,-3693789935973758945,2,0,1);
INSERT INTO "documents" VALUES(1,1,'1002','held',2,4906942565973632729,3,0,1);
INSERT INTO "documents" VALUES(1,2,'1003','rejected',1,8048677855019706404,4,2,1);
INSERT INTO "documents" VALUES(2,0,'2001','out',0,6742820235975574455,2,0,1);
CREATE TABLE facts (
	id INTEGER NOT NULL, 
	version BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "facts" VALUES(1,2);
CREATE TABLE outcomes (
	claim INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	action TEXT NOT NULL, 
	as_of BIGINT NOT NULL, 
	outputs TEXT NOT NULL, 
	sent BOOLEAN NOT NULL, 
	PRIMARY KEY (claim, number), 
	FOREIGN KEY(claim) REFERENCES claims (seq)
);
INSERT INTO "outcomes" VALUES(1,0,'order','shopify','','new',1767344400000000,'wms:1,erp:2',1);
INSERT INTO "outcomes" VALUES(1,1,'order','shopify','LOOKUP_MISS','',1767344400000000,'',0);
INSERT INTO "outcomes" VALUES(1,2,'order','shopify','payment_status is pending','',1767344400000000,'',0);
INSERT INTO "outcomes" VALUES(2,0,'order','shopify','','new',1767430800000000,'wms:1,erp:2',1);
CREATE TABLE problem_counts (
	claim INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	count BIGINT NOT NULL, 
	PRIMARY KEY (claim, code), 
	FOREIGN KEY(claim) REFERENCES claims (seq)
);
INSERT INTO "problem_counts" VALUES(1,'LOOKUP_MISS',1);
CREATE TABLE problems (
	claim INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	message TEXT NOT NULL, 
	remedy TEXT NOT NULL, 
	file_line BIGINT, 
	record BIGINT, 
	field TEXT, 
	value TEXT, 
	number TEXT NOT NULL, 
	reject_id TEXT, 
	PRIMARY KEY (claim, position), 
	FOREIGN KEY(claim) REFERENCES claims (seq)
);
INSERT INTO "problems" VALUES(1,0,'LOOKUP_MISS','error','Lineitem sku: ''NOPE'' is not in the column ''sku'' of table items','add a line for ''NOPE'' to mappings/tables/items.csv, then drop the reject file back in',4,2,'Lineitem sku','NOPE','1003','c57979bd8b9a-0001');
CREATE TABLE rejects (
	reject_id TEXT NOT NULL, 
	claim INTEGER NOT NULL, 
	flow TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	number TEXT NOT NULL, 
	codes TEXT NOT NULL, 
	file TEXT NOT NULL, 
	file_line BIGINT NOT NULL, 
	opened_at BIGINT NOT NULL, 
	as_of BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	closed_by VARCHAR(12), 
	closed_at BIGINT, 
	PRIMARY KEY (reject_id), 
	FOREIGN KEY(claim) REFERENCES claims (seq)
);
INSERT INTO "rejects" VALUES('c57979bd8b9a-0001',1,'orders','order','shopify','1003','LOOKUP_MISS','data/rejects/orders/done.csv.c57979bd8b9a.rejects.csv',4,1795321787698545,1767344400000000,'open',NULL,NULL);
CREATE TABLE runs (
	number INTEGER NOT NULL, 
	command TEXT NOT NULL, 
	started_at BIGINT NOT NULL, 
	ended_at BIGINT, 
	exit INTEGER, 
	PRIMARY KEY (number)
);
INSERT INTO "runs" VALUES(1,'run',1795321786526069,1795321787729212,3);
INSERT INTO "runs" VALUES(2,'run',1795321788873321,NULL,NULL);
CREATE TABLE sightings (
	endpoint TEXT NOT NULL, 
	folder TEXT NOT NULL, 
	name TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	mtime_ns BIGINT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	seen_at BIGINT NOT NULL, 
	PRIMARY KEY (endpoint, folder, name)
);
CREATE INDEX ix_actions_subject ON actions (subject);
CREATE INDEX ix_claims_flow_state ON claims (flow, state);
CREATE INDEX ix_artifacts_undelivered ON artifacts (state) WHERE state <> 'delivered';
CREATE INDEX ix_rejects_number ON rejects (number);
CREATE INDEX ix_rejects_claim ON rejects (claim);
CREATE INDEX ix_rejects_open ON rejects (flow) WHERE state = 'open';
CREATE INDEX ix_problems_reject_id ON problems (reject_id);
CREATE INDEX ix_documents_held ON documents (claim) WHERE disposition = 'held';
CREATE INDEX ix_documents_number ON documents (number);
COMMIT;
