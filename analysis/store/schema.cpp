#include "analysis/store/schema.hpp"

namespace deadair::store {

// Comments inside the statements stay in the file: `.schema` shows them.
const std::array<const char*, 3> migrations{R"sql(
CREATE TABLE watches (        -- days of watching: its runs are the program's starts and measurements
  watch_id INTEGER PRIMARY KEY,
  label TEXT NOT NULL,
  client_host TEXT NOT NULL,
  server_endpoint TEXT NOT NULL,
  started_at TEXT NOT NULL,           -- UTC, ISO 8601
  ended_at TEXT                       -- the same; NULL: the next start goes on with it
) STRICT;

CREATE TABLE runs (           -- one row per measurement
  run_id INTEGER PRIMARY KEY,
  run_uuid TEXT NOT NULL UNIQUE,      -- the same wherever the file is copied or merged to
  label TEXT NOT NULL,                -- as given with --label; may be empty
  started_at TEXT NOT NULL,           -- UTC, ISO 8601
  ended_at TEXT,                      -- the same; NULL while it runs, or if it was killed
  state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'interrupted', 'failed')),
  client_host TEXT NOT NULL,          -- name of the host that the prober ran on
  server_endpoint TEXT NOT NULL,      -- as asked for
  program_version TEXT NOT NULL,
  options_asked TEXT NOT NULL,        -- the command line
  options_used TEXT NOT NULL,         -- JSON, each option with its value
  intercepted INTEGER NOT NULL,       -- 1: something on the path opens TLS, and that was allowed
  note TEXT,                          -- for people
  command TEXT NOT NULL DEFAULT 'measure',  -- that made it
  watch_id INTEGER REFERENCES watches (watch_id)  -- of which it is part
) STRICT;

CREATE TABLE connections (    -- each connection under test
  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  connection_id INTEGER NOT NULL,     -- unique within the run
  transport TEXT NOT NULL CHECK (transport IN ('tcp', 'tls', 'ws', 'wss')),
  family TEXT NOT NULL CHECK (family IN ('ipv4', 'ipv6')),
  local_address TEXT NOT NULL,
  local_port INTEGER NOT NULL,
  server_address TEXT NOT NULL,
  server_port INTEGER NOT NULL,
  opened_s REAL NOT NULL,             -- seconds since the run's start, monotonic clock
  last_delivered_s REAL,              -- longest idle age at which a probe was delivered
  first_undelivered_s REAL,           -- idle age of its first probe that was not
  end_s REAL,                         -- seconds since the run's start
  end_cause TEXT,                     -- what the prober's socket saw
  server_end_cause TEXT,              -- what the server's socket saw, where it was reported
  socket_options TEXT NOT NULL,       -- JSON
  PRIMARY KEY (run_id, connection_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE probes (         -- each probe that got a verdict, and each unprompted end
  run_id INTEGER NOT NULL,
  probe_id INTEGER NOT NULL,          -- unique within the run
  connection_id INTEGER NOT NULL,
  transport TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('to_client', 'to_server')),
  refresh TEXT NOT NULL CHECK (refresh IN ('none', 'tcp_keepalive', 'ws_ping', 'data')),
  refresh_from TEXT NOT NULL CHECK (refresh_from IN ('none', 'client', 'server', 'both')),
  idle_age_s REAL NOT NULL,           -- time since the connection's last packet, as it was sent
  idle_age_error_s REAL NOT NULL,     -- the true age lies within idle_age_s plus or minus this
  unprompted INTEGER NOT NULL,        -- 1: no probe; the connection ended by itself at this age;
                                      -- delivered: its server closed it, and that arrived
  sent_s REAL NOT NULL,               -- seconds since the run's start
  verdict_s REAL,                     -- the same
  outcome TEXT NOT NULL
    CHECK (outcome IN ('delivered', 'late', 'lost', 'reset', 'closed', 'void')),
  void_reason TEXT,                   -- why nobody can vouch for it
  round_trip_ms REAL,
  retransmissions INTEGER NOT NULL,   -- of this probe
  unanswered INTEGER NOT NULL,        -- packets of this probe that got no answer
  server_saw TEXT,                    -- what the server's socket reported
  retransmitted_before INTEGER,       -- segments sent again on the connection before the silence, by
                                      -- the end that spoke; NULL: not known
  PRIMARY KEY (run_id, probe_id),
  FOREIGN KEY (run_id, connection_id) REFERENCES connections ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE events (         -- what else happened: outages, refusals, suspensions
  event_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  at_s REAL NOT NULL,                 -- seconds since the run's start
  kind TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_run ON events (run_id, at_s);

CREATE TABLE path_samples (   -- figures of the path, one each row
  sample_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  at_s REAL NOT NULL,                 -- seconds since the run's start
  source TEXT NOT NULL,               -- 'control', 'connection 17', 'host'
  name TEXT NOT NULL,                 -- ends in its unit
  value REAL NOT NULL
) STRICT;
CREATE INDEX path_samples_by_run ON path_samples (run_id, name, at_s);

CREATE TABLE findings (       -- derived: what a run says of one stratum
  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  transport TEXT NOT NULL,
  direction TEXT NOT NULL,
  refresh TEXT NOT NULL,
  refresh_from TEXT NOT NULL,
  server_port INTEGER NOT NULL,
  family TEXT NOT NULL,
  kind TEXT NOT NULL
    -- absolute_age: busy connections are cut; low_s and high_s are ages since they were opened
    CHECK (kind IN ('timeout', 'spread', 'mixture', 'none', 'inconclusive', 'absolute_age')),
  idle_timeout_s REAL,                -- best single value
  low_s REAL,                         -- lower limit of the shortest silence that kills
  high_s REAL,                        -- idle age by which the binding is gone
  confidence REAL NOT NULL,           -- that low_s to high_s holds the truth, 0 to 1
  after_expiry TEXT
    CHECK (after_expiry IN ('silent', 'reset', 'closed', 'late', 'mixed')),
  delivered INTEGER NOT NULL,
  not_delivered INTEGER NOT NULL,
  voided INTEGER NOT NULL,
  share REAL NOT NULL,                -- of the connections, in a mixture; else 1
  note TEXT NOT NULL                  -- for people
) STRICT;
CREATE INDEX findings_by_run ON findings (run_id);

CREATE TABLE recommendations (  -- derived: settings, with reasons
  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  setting TEXT NOT NULL,
  value REAL,                         -- NULL: do not set it; the reason says why
  unit TEXT NOT NULL,                 -- 's' or 'count'
  low_confidence INTEGER NOT NULL,    -- 1: measure again before you rely on it
  reason TEXT NOT NULL,
  PRIMARY KEY (run_id, setting)
) STRICT;

CREATE TABLE messages (       -- said after a silence on a connection that is held with settings
  run_id INTEGER NOT NULL,
  message_id INTEGER NOT NULL,        -- unique within the run
  connection_id INTEGER NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('to_client', 'to_server')),
  control INTEGER NOT NULL,           -- 1: on a connection without the settings, which must die
  replaced INTEGER NOT NULL,          -- 1: over a new one, since the old was idle for too long
  unprompted INTEGER NOT NULL,        -- 1: nothing was said; the connection ended by itself
  quiet_s REAL NOT NULL,              -- since something was said before, or since it was opened
  sent_s REAL NOT NULL,               -- seconds since the run's start
  verdict_s REAL NOT NULL,            -- the same
  outcome TEXT NOT NULL
    CHECK (outcome IN ('delivered', 'late', 'lost', 'reset', 'closed', 'void')),
  void_reason TEXT,                   -- why nobody can vouch for it
  PRIMARY KEY (run_id, message_id),
  FOREIGN KEY (run_id, connection_id) REFERENCES connections ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE verifications (  -- what verify came to
  run_id INTEGER PRIMARY KEY REFERENCES runs (run_id) ON DELETE CASCADE,
  tcp_keepalive_s REAL,               -- the settings; NULL: not set
  ws_ping_s REAL,
  idle_reconnect_s REAL,
  idle_timeout_s REAL NOT NULL,       -- that was to be outlived
  result TEXT NOT NULL CHECK (result IN ('passed', 'failed', 'inconclusive')),
  missed INTEGER NOT NULL,            -- messages, and connections that ended by themselves
  tried INTEGER NOT NULL,             -- messages that prove something
  share_low REAL NOT NULL,            -- of connections that fail, 0 to 1
  share_high REAL NOT NULL,
  confidence REAL NOT NULL,           -- that the share lies between them
  reason TEXT NOT NULL,               -- for people
  max_connection_age_s REAL           -- a setting; NULL: not set
) STRICT;

CREATE TABLE incidents (      -- what a watch noticed
  incident_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  at_s REAL NOT NULL,                 -- noticed: seconds since the run's start
  noticed_at TEXT NOT NULL,           -- the same, UTC, ISO 8601
  kind TEXT NOT NULL,                 -- missed_message, outage, server_restarted, ...
  blame TEXT NOT NULL,                -- settings, firewall, server, path, this_host
  connection_id INTEGER,              -- NULL: it concerns all
  direction TEXT,                     -- of the message that was under way
  quiet_s REAL,                       -- silence before that message
  unnoticed_s REAL,                   -- time since it was last known to work
  client_saw TEXT,                    -- what this end's socket saw
  server_saw TEXT,                    -- what the server's socket saw
  round_trip_ms REAL,                 -- of that connection, or of the control connection
  retransmissions INTEGER,            -- of that message
  segments_in INTEGER,                -- of that connection in its life
  segments_out INTEGER,
  detail TEXT NOT NULL                -- for people
) STRICT;
CREATE INDEX incidents_by_run ON incidents (run_id, at_s);

CREATE TABLE uploads (        -- each upload and download, on a connection of its own
  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  upload_id INTEGER NOT NULL,         -- unique within the run
  transport TEXT NOT NULL CHECK (transport IN ('tcp', 'tls', 'ws', 'wss')),
  family TEXT NOT NULL CHECK (family IN ('ipv4', 'ipv6')),
  server_port INTEGER NOT NULL,
  local_port INTEGER NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('upload', 'download')),
  size_bytes INTEGER NOT NULL,
  idle_spell TEXT NOT NULL            -- how long it was idle before, against the idle timeout
    CHECK (idle_spell IN ('fresh', 'below', 'at', 'beyond')),
  idle_timeout_s REAL,                -- that timeout as it was known then; NULL: not known
  idle_before_s REAL NOT NULL,        -- how long it was idle before, as measured; 0: fresh
  guard TEXT NOT NULL                 -- what besides the kernel's defaults gives up
    CHECK (guard IN ('none', 'user_timeout', 'socket_timeout')),
  guard_s REAL,                       -- its time; NULL without one
  started_s REAL NOT NULL,            -- first byte written, seconds since the run's start
  total_s REAL NOT NULL,              -- until the far end had it all, or until it was over
  moved_bytes INTEGER NOT NULL,       -- acknowledged (upload) or received (download)
  goodput_bytes_per_s REAL,           -- of what moved; NULL: too soon to be timed (5 ms)
  longest_stall_s REAL NOT NULL,      -- longest time without progress; at most 0.04 s too short
  sent_bytes INTEGER,                 -- by the sender's TCP, retransmissions included
  retransmitted_share REAL,           -- of what the sender sent, 0 to 1; NULL: not known
  rtt_ms REAL,                        -- smoothed round trip of the sender's TCP at the end
  rtt_variation_ms REAL,
  rto_ms REAL,                        -- its retransmission timeout as the last progress left it
  outcome TEXT NOT NULL
    CHECK (outcome IN ('completed', 'stalled', 'timed_out', 'reset', 'closed', 'void')),
  void_reason TEXT,                   -- why nobody can vouch for it
  accepted_s REAL,                    -- after so long the kernel had taken it all; NULL: never
  noticed_s REAL,                     -- after so long the writer was told; NULL: not while we waited
  noticed_by TEXT                     -- who told it
    CHECK (noticed_by IN ('kernel', 'socket_timeout')),
  kernel_gives_up_s REAL,             -- computed: after so long without an answer the kernel gives
                                      -- up, from rto_ms, tcp_retries2 and TCP_USER_TIMEOUT
  PRIMARY KEY (run_id, upload_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE upload_progress (  -- the kernel's figures (TCP_INFO) during a transfer
  run_id INTEGER NOT NULL,
  upload_id INTEGER NOT NULL,
  at_s REAL NOT NULL,                 -- seconds since the run's start
  moved_bytes INTEGER NOT NULL,       -- acknowledged (upload) or received (download)
  unsent_bytes INTEGER NOT NULL,      -- in the send buffer, never sent
  sent_bytes INTEGER NOT NULL,        -- retransmissions included
  retransmitted_bytes INTEGER NOT NULL,
  congestion_window_segments INTEGER NOT NULL,
  rtt_ms REAL NOT NULL,               -- smoothed
  rto_ms REAL NOT NULL,
  busy_s REAL NOT NULL,               -- time with data to send
  receiver_limited_s REAL NOT NULL,   -- of that, time stopped by the receiver's window
  buffer_limited_s REAL NOT NULL,     -- of that, time stopped by the send buffer
  PRIMARY KEY (run_id, upload_id, at_s),
  FOREIGN KEY (run_id, upload_id) REFERENCES uploads ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (       -- what this host and the path looked like, one part each row
  evidence_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  at_s REAL NOT NULL,                 -- written down: seconds since the run's start
  moment TEXT NOT NULL                -- the start or end of a run, or asked for by a command
    CHECK (moment IN ('start', 'end', 'asked')),
  part TEXT NOT NULL,                 -- 'routes', 'hops', ...
  available INTEGER NOT NULL,         -- 0: it could not be gathered, and detail says why
  detail TEXT NOT NULL,               -- for people
  stands_out TEXT NOT NULL            -- a sentence each line; often empty
) STRICT;
CREATE INDEX evidence_by_run ON evidence (run_id, at_s);
)sql",
                                            R"sql(
ALTER TABLE findings ADD COLUMN
  explanation TEXT NOT NULL DEFAULT 'unsettled';  -- why bindings go when they go: see tables.md
ALTER TABLE findings ADD COLUMN
  period_s REAL;    -- of a tick, of losses of state that repeat; mean time between random ends
ALTER TABLE findings ADD COLUMN
  moment_s REAL;    -- of a tick, of the first loss of state, of the change: since the run's start
ALTER TABLE findings ADD COLUMN
  crowd INTEGER;    -- so many connections have room, or are open before the timeout is shorter
ALTER TABLE findings ADD COLUMN
  by_itself INTEGER NOT NULL DEFAULT 0;  -- 1: connections end without anybody sending anything
ALTER TABLE connections ADD COLUMN
  seen_address TEXT;   -- the client's, as the server saw it: behind a NAT another; NULL: not told
ALTER TABLE connections ADD COLUMN
  seen_port INTEGER;   -- the same

CREATE TABLE hops (           -- who stands on the way to the server, a distance each row
  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  hop INTEGER NOT NULL,               -- packets that may go so many hops end here
  address TEXT,                       -- of who said so; several: not all take one way; NULL: nobody
  server INTEGER NOT NULL,            -- 1: it is the server
  PRIMARY KEY (run_id, hop)
) STRICT, WITHOUT ROWID;

CREATE TABLE hop_probes (     -- a probe of a connection that keepalives which go so far were to keep
  run_id INTEGER NOT NULL,
  hop_probe_id INTEGER NOT NULL,      -- unique within the run
  connection_id INTEGER NOT NULL,
  path TEXT NOT NULL CHECK (path IN ('server', 'control')),
  refresh_from TEXT NOT NULL CHECK (refresh_from IN ('none', 'client', 'server')),
  hops INTEGER NOT NULL,              -- that the keepalives went; 0: there were none; 64: all the way
  idle_age_s REAL NOT NULL,           -- silence but for them, as the probe was sent
  sent_s REAL NOT NULL,               -- seconds since the run's start
  verdict_s REAL NOT NULL,            -- the same
  outcome TEXT NOT NULL
    CHECK (outcome IN ('delivered', 'late', 'lost', 'reset', 'closed', 'void')),
  void_reason TEXT,                   -- why nobody can vouch for it
  PRIMARY KEY (run_id, hop_probe_id),
  FOREIGN KEY (run_id, connection_id) REFERENCES connections ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE boxes (          -- what forgets connections, and where on the way it stands
  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  box_id INTEGER NOT NULL,            -- 1: the nearest to the client
  from_hop REAL NOT NULL,             -- it stands here or farther away; 1.5: between hops 1 and 2
  to_hop REAL NOT NULL,               -- and here or nearer
  low_s REAL NOT NULL,                -- its idle timeout is between
  high_s REAL NOT NULL,
  seen_from TEXT NOT NULL CHECK (seen_from IN ('client', 'server', 'both')),
  remark TEXT NOT NULL,               -- what else it could be; empty: nothing
  PRIMARY KEY (run_id, box_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE hop_verdicts (   -- what became of asking which box forgets
  run_id INTEGER PRIMARY KEY REFERENCES runs (run_id) ON DELETE CASCADE,
  longest_s REAL NOT NULL,            -- silence that was tried
  untold TEXT NOT NULL,               -- why no box can be named; empty: boxes are
  remarks TEXT NOT NULL,              -- limits, a sentence each line
  control_endpoint TEXT,              -- the server behind the control path; NULL: there was none
  control TEXT CHECK (control IN ('forgets', 'forgets_earlier', 'lives', 'untold')),
  control_shared_hops INTEGER         -- that both ways begin with
) STRICT;
)sql",
                                            R"sql(
CREATE TABLE refusals (       -- connections that could not be opened
  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  connection_id INTEGER NOT NULL,     -- as it would have been
  transport TEXT NOT NULL CHECK (transport IN ('tcp', 'tls', 'ws', 'wss')),
  family TEXT NOT NULL CHECK (family IN ('ipv4', 'ipv6')),
  server_port INTEGER NOT NULL,
  began_s REAL NOT NULL,              -- seconds since the run's start
  failed_s REAL NOT NULL,             -- the same
  reason TEXT NOT NULL,               -- for people
  PRIMARY KEY (run_id, connection_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE limits (         -- derived: what the path does not let through, besides silence
  run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
  limit_kind TEXT NOT NULL
    -- connections: so many at a time; openings: so many were opened before others failed;
    -- unreachable: no connection of a part could be opened; packets: large ones of the client
    CHECK (limit_kind IN ('connections', 'openings', 'unreachable', 'packets')),
  limit_value REAL,                   -- a count, of packets the bytes that passed; NULL: none
  note TEXT NOT NULL                  -- for people
) STRICT;
CREATE INDEX limits_by_run ON limits (run_id);
)sql"};

}  // namespace deadair::store
